using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Limits, rights and alignment of accesses; what LAR, LSL, VERR and VERW tell (SDM vol. 3, 5.3 to 5.5, 5.10).</summary>
internal static class Limits
{
    private const uint Origin = Layout.Data;

    public static void AddTo(ScenarioList list)
    {
        AddAccesses(list);
        AddQueries(list);
        AddStacks(list);
        AddAlignment(list);
    }

    private static void AddAccesses(ScenarioList list)
    {
        foreach (var (name, descriptor, edge) in new[]
        {
            ("up FFF", Descriptor.Segment(Origin, 0xFFF, Descriptor.Data), 0x1000u), ("down FFF, 64 KB", Descriptor.Segment(Origin, 0xFFF, Descriptor.ExpandDown, wide: false), 0x1000u),
            ("down FFF, 64 KB, top", Descriptor.Segment(Origin, 0xFFF, Descriptor.ExpandDown, wide: false), 0x10000u), ("down FFF, 4 GB", Descriptor.Segment(Origin, 0xFFF, Descriptor.ExpandDown), 0x1000u),
            ("pages", Descriptor.Segment(Origin, 0x100FFF, Descriptor.Data), 0x101000u), ("read-only", Descriptor.Segment(Origin, 0xFFF, Descriptor.ReadOnly), 0x1000u),
            ("readable code", Descriptor.Segment(Origin, 0xFFF, Descriptor.Code), 0x1000u),
        })
        {
            foreach (var offset in new[] { -4, -3, -2, -1, 0 })
            {
                foreach (var (access, emit) in new (string, Action<Assembler>)[]
                {
                    ("r8", c => c.mov(al, __byte_ptr.fs[ebx])), ("r16", c => c.mov(ax, __word_ptr.fs[ebx])), ("r32", c => c.mov(eax, __dword_ptr.fs[ebx])), ("w8", c => c.mov(__byte_ptr.fs[ebx], al)),
                    ("w32", c => c.mov(__dword_ptr.fs[ebx], eax)), ("rw32", c => c.add(__dword_ptr.fs[ebx], eax)), ("r64", c => c.cmpxchg8b(__qword_ptr.fs[ebx])),
                })
                {
                    list.AddCell($"segment {name}", $"{access}{offset:+0;-0;+0}", s => s.Gdt(Selectors.SlotA, descriptor).Code(c =>
                    {
                        c.mov(eax, Selectors.SlotA);
                        c.mov(fs, ax);
                        c.mov(ebx, edge + (uint)offset);
                        s.Try(c, emit);
                    }), ownOnly: true);
                }
            }
        }

        list.AddOwn("execution beyond the code limit", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(0, Layout.Other32 + 3, Descriptor.Code)).Code(c => c.FarJump(Selectors.SlotA, Layout.Other32)).Code(c =>
        {
            c.nop();
            c.nop();
            s.Mark(c, "bad");
            c.mov(eax, 0x1234);
        }, Layout.Other32));
        list.AddOwn("near jump beyond the code limit", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(0, Layout.Other32 + 0xFF, Descriptor.Code)).Code(c => c.FarJump(Selectors.SlotA, Layout.Other32)).Code(c =>
        {
            s.Mark(c, "bad");
            c.JumpTo(Layout.Other32 + 0x100);
        }, Layout.Other32));
        list.AddOwn("near call beyond the code limit", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(0, Layout.Other32 + 0xFF, Descriptor.Code)).Code(c => c.FarJump(Selectors.SlotA, Layout.Other32)).Code(c =>
        {
            s.Mark(c, "bad");
            c.AddInstruction(Instruction.CreateBranch(Code.Call_rel32_32, Layout.Other32 + 0x100));
        }, Layout.Other32));
        list.AddOwn("execute-only code is not read", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(Descriptor.ExecuteOnly)).Code(c => c.FarJump(Selectors.SlotA, Layout.Other32)).Code(c =>
        {
            s.Mark(c, "bad");
            c.mov(eax, __dword_ptr.cs[0]);
        }, Layout.Other32));
        list.AddOwn("code is not written", s => s.Code(c => s.Try(c, _ => c.mov(__dword_ptr.cs[Layout.Data], eax))));
    }

    private static void AddQueries(ScenarioList list)
    {
        foreach (var (name, emit) in new (string, Action<Assembler>)[] { ("lar", c => { c.lar(ebx, eax); c.btr(ebx, 16); c.btr(ebx, 17); c.btr(ebx, 18); c.btr(ebx, 19); c.lar(ecx, eax); }), ("lsl", c => c.lsl(ebx, eax)), ("verr", c => c.verr(ax)), ("verw", c => c.verw(ax)) })
        {
            foreach (var (cpl, rpl, dpl) in new[] { (0, 0, 0), (0, 3, 0), (3, 3, 3), (3, 0, 0) })
            {
                for (var type = 0; type < 32; type++)
                {
                    list.Add($"{name} type {type:x2} cpl{cpl} rpl{rpl} dpl{dpl}", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(0x12345678, 0x9ABCDFFF, type, dpl, type != 0x13)).At(cpl, c => Query(s, c, emit, Selectors.SlotA | rpl)));
                }
            }

            foreach (var selector in new[] { 0, 3, 0x0C, 0x44, (int)Selectors.Outside, 0xFFFF })
                list.Add($"{name} of {selector:x4}", s => s.Code(c => Query(s, c, emit, selector)));
        }
    }

    private static void Query(Scenario s, Assembler c, Action<Assembler> emit, int selector)
    {
        c.mov(eax, selector);
        emit(c);
        c.setz(cl);
        c.movzx(ecx, cl);
        s.End(c);
    }

    private static void AddStacks(ScenarioList list)
    {
        foreach (var (name, top) in new[] { ("fits", 0x20), ("one short", 0x1F), ("four", 4), ("three", 3), ("zero", 0) })
        {
            foreach (var (what, emit) in new (string, Action<Assembler>)[] { ("push", c => c.push(eax)), ("pushad", c => c.pushad()), ("enter-16-0", c => c.enter(16, 0)), ("enter-8-3", c => c.enter(8, 3)), ("call", c => c.call(ebx)), ("pop", c => c.pop(eax)), ("popad", c => c.popad()), ("leave", c => c.leave()) })
            {
                // The stack is an expand-up segment whose handlers run on another one, by way of level 3.
                list.AddCell($"stack {name}", what, s => s.Gdt(Selectors.SlotA, Descriptor.Segment(Origin, 0x1F, Descriptor.Data, 3)).Words(Origin, 0, 0, 0, 0, 0, 0, 0, 0).User(c =>
                {
                    c.mov(ebx, Layout.Other32);
                    c.mov(ebp, top);
                    c.mov(ecx, Selectors.SlotA | 3);
                    c.mov(ss, cx);
                    c.mov(esp, top);
                    s.Try(c, emit);
                }).OtherEnds("end"), ownOnly: true);
            }
        }

        list.AddOwn("pushad that faults in the middle leaves the registers", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(Origin, 0x1F, Descriptor.Data, 3)).Show("memory", Origin + 0x10, 2).User(c =>
        {
            c.mov(ecx, Selectors.SlotA | 3);
            c.mov(ss, cx);
            c.mov(esp, 0x10);
            s.Try(c, _ => c.pushad());
        }));
    }

    private static void AddAlignment(ScenarioList list)
    {
        foreach (var (name, emit) in new (string, Action<Assembler>)[]
        {
            ("word", c => c.mov(ax, __word_ptr[ebx])), ("dword", c => c.mov(eax, __dword_ptr[ebx])), ("byte", c => c.mov(al, __byte_ptr[ebx])), ("write", c => c.mov(__dword_ptr[ebx], eax)), ("quad", c => c.cmpxchg8b(__qword_ptr[ebx + 3])),
            ("push", c => { c.dec(esp); c.push(eax); }), ("les", c => c.les(eax, __fword_ptr[ebx])), ("movsd", c => { c.mov(esi, ebx); c.mov(edi, ebx); c.movsd(); }), ("bound", c => c.bound(eax, __qword_ptr[ebx])),
        })
        {
            foreach (var (cpl, am, ac) in new[] { (3, true, true), (3, false, true), (3, true, false), (0, true, true) })
            {
                list.Add($"unaligned {name}, cpl{cpl} {(am ? "AM" : "-")} {(ac ? "AC" : "-")}", s => s.Words(Layout.Data, 0, 0, 0, 0x7FFFFF00, 0xFFFFFF7F).Code(c =>
                {
                    c.mov(eax, am ? 0x40011 : 0x11);
                    c.mov(cr0, eax);
                    c.push(ac ? 0x40002 : 2);
                    c.popfd();
                    if (cpl == 3)
                        Scenario.UserEntry(c, 0, ac ? 0x40000u : 0);
                    Access(s, c, emit);
                }).Code(c => Access(s, c, emit), Layout.User32));
            }
        }
    }

    private static void Access(Scenario s, Assembler c, Action<Assembler> emit)
    {
        c.mov(ebx, Layout.Data + 1);
        c.xor(eax, eax);
        emit(c);
        s.End(c);
    }
}
