using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Far jumps, calls and returns: descriptors, call gates, levels (SDM vol. 3, 5.8; vol. 2, CALL, JMP, RET).</summary>
internal static class FarTransfers
{
    private static readonly int[] Levels = [0, 3];

    public static void AddTo(ScenarioList list)
    {
        foreach (var call in new[] { false, true })
        {
            var name = call ? "call" : "jmp";
            foreach (var present in new[] { true, false })
            {
                foreach (var (cpl, rpl, dpl) in Combinations())
                {
                    AddDirect(list, $"{name} far, {(present ? "present" : "absent")} cpl{cpl} rpl{rpl} dpl{dpl}", call, present, cpl, rpl, dpl);
                    AddGate(list, $"{name} gate, {(present ? "present" : "absent")} cpl{cpl} rpl{rpl} dpl{dpl}", call, present, cpl, rpl, dpl);
                }
            }

            AddSelectors(list, name, call);
        }

        AddGateTargets(list);
        AddFrames(list);
        AddReturns(list);
    }

    private static IEnumerable<(int Cpl, int Rpl, int Dpl)> Combinations() =>
        from cpl in Levels from rpl in Levels from dpl in Levels select (cpl, rpl, dpl);

    private static void Transfer(Assembler c, bool call, ushort selector, uint offset)
    {
        if (call)
            c.FarCall(selector, offset);
        else
            c.FarJump(selector, offset);
    }

    /// <summary>Segments and the system types that are never a target.</summary>
    private static void AddDirect(ScenarioList list, string row, bool call, bool present, int cpl, int rpl, int dpl)
    {
        foreach (var type in new[] { 0, 2, 3, 6, 7, 8, 10, 11, 13, 14, 15, 0x10, 0x13, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F })
        {
            list.AddCell(row, $"{type:x2}", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(type, dpl, present)).OtherEnds("end")
                .At(cpl, c => s.Try(c, _ => Transfer(c, call, (ushort)(Selectors.SlotA | rpl), Layout.Other32))));
        }
    }

    /// <summary>Gates to code of each level.</summary>
    private static void AddGate(ScenarioList list, string row, bool call, bool present, int cpl, int rpl, int dpl)
    {
        foreach (var (target, name) in new[] { (Selectors.Code0, "code0"), (Selectors.Code3, "code3"), (Selectors.Conforming0, "conforming0"), (Selectors.Conforming3, "conforming3") })
        {
            list.AddCell(row, name, s => s.Gdt(Selectors.SlotA, Descriptor.Gate(target, Layout.Other32, Descriptor.CallGate32, dpl, present)).OtherEnds("end")
                .At(cpl, c => s.Try(c, _ => Transfer(c, call, (ushort)(Selectors.SlotA | rpl), 0x12345678))));
        }
    }

    private static void AddSelectors(ScenarioList list, string name, bool call)
    {
        foreach (var cpl in Levels)
        {
            foreach (ushort selector in new ushort[] { 0, 3, 4, 0x0C, 0x14, 0x16, 0x44, Selectors.Outside, 0xFFFF, Selectors.Tss, Selectors.Ldt })
            {
                list.AddCell($"{name} far, cpl{cpl} odd selectors", $"{selector:x4}", s => s.OtherEnds("end")
                    .At(cpl, c => s.Try(c, _ => Transfer(c, call, selector, Layout.Other32))));
            }
        }

        list.Add($"{name} far beyond the code limit", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(0, 0xFFFF, Descriptor.Code))
            .Code(c => s.Try(c, _ => Transfer(c, call, Selectors.SlotA, 0x10000))));
        list.Add($"{name} far sets the accessed bit", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(0x1A)).OtherEnds().Show("descriptor", Layout.Gdt + Selectors.SlotA, 2)
            .Code(c => Transfer(c, call, Selectors.SlotA, Layout.Other32)));
        list.Add($"{name} far with rpl 3 to conforming code keeps cpl", s => s.OtherEnds().Code(c => Transfer(c, call, Selectors.Conforming0 | 3, Layout.Other32)));
    }

    /// <summary>What a call gate names: null, outside the table, not code, less privileged, absent.</summary>
    private static void AddGateTargets(ScenarioList list)
    {
        foreach (var (selector, name) in new[]
        {
            ((ushort)0, "null"), ((ushort)3, "null rpl 3"), (Selectors.Outside, "outside"), (Selectors.Data0, "data"), (Selectors.Tss, "tss"),
            (Selectors.SlotB, "absent"), (Selectors.Code2, "code2"),
        })
        {
            foreach (var cpl in Levels)
            {
                list.AddCell($"call gate to what, cpl{cpl}", name.Replace(' ', '-'), s => s.Gdt(Selectors.SlotA, Descriptor.Gate(selector, Layout.Other32, Descriptor.CallGate32, 3))
                    .Gdt(Selectors.SlotB, Descriptor.Flat(Descriptor.Code, present: false)).OtherEnds("end")
                    .At(cpl, c => s.Try(c, _ => c.FarCall(Selectors.SlotA, 0))));
            }
        }

        // Level 1's stack is broken; the fault itself is delivered to level 0.
        AddInner(list, "null", s => s.Words(Layout.Tss + 16, 0));
        AddInner(list, "null with rpl 1", s => s.Words(Layout.Tss + 16, 1));
        AddInner(list, "outside the table", s => s.Words(Layout.Tss + 16, Selectors.Outside | 1));
        AddInner(list, "with rpl 3", s => s.Words(Layout.Tss + 16, Selectors.Data1 | 3));
        AddInner(list, "of level 3", s => s.Words(Layout.Tss + 16, (Selectors.Data3 & 0xFFF8) | 1));
        AddInner(list, "is code", s => s.Words(Layout.Tss + 16, Selectors.Code1));
        AddInner(list, "read-only", s => s.Gdt(Selectors.Data1, Descriptor.Flat(Descriptor.ReadOnly, 1)));
        AddInner(list, "absent", s => s.Gdt(Selectors.Data1, Descriptor.Flat(Descriptor.Data, 1, present: false)));
        AddInner(list, "too small", s => s.Gdt(Selectors.Data1, Descriptor.Segment(Layout.Inner1 - 12, 11, Descriptor.Data, 1)).Words(Layout.Tss + 12, 12));
        AddInner(list, "beyond the limit of the tss", s => s.Gdt(Selectors.Tss, Descriptor.Segment(Layout.Tss, 16, Descriptor.Tss32)));
    }

    private static void AddInner(ScenarioList list, string what, Func<Scenario, Scenario> change) => list.Add(
        $"call gate to level 1, stack {what}",
        s => change(s.Gdt(Selectors.SlotA, Descriptor.Gate(Selectors.Code1, Layout.Other32, Descriptor.CallGate32, 3)).OtherEnds())
            .User(c => s.Try(c, _ => c.FarCall(Selectors.SlotA | 3, 0))));

    private static void AddFrames(ScenarioList list)
    {
        foreach (var (type, bits) in new[] { (Descriptor.CallGate16, 16), (Descriptor.CallGate32, 32) })
        {
            foreach (var (target, level) in new[] { (Selectors.Code0, 0), (Selectors.Code1, 1), (Selectors.Code2, 2) })
            {
                var stack = level switch { 0 => Layout.Inner0, 1 => Layout.Inner1, _ => Layout.Inner2 };
                list.Add($"call gate {bits} bits to level {level} with three parameters", s => s
                    .Gdt(Selectors.SlotA, bits == 16 ? Descriptor.Gate(Selectors.SlotB, 0x8000, type, 3, parameters: 3) : Descriptor.Gate(target, Layout.Other32, type, 3, parameters: 3))
                    .Gdt(Selectors.SlotB, Descriptor.Segment(Layout.Other32 - 0x8000, 0xFFFF, Descriptor.Code, level))
                    .OtherEnds().Clear(stack - 0x40, 0x40).Show("stack", stack - (bits == 16 ? 0xCu : 0x1C), bits == 16 ? 3 : 7)
                    .User(c =>
                    {
                        c.push(0x11110001);
                        c.push(0x22220002);
                        c.push(0x33330003);
                        c.FarCall(Selectors.SlotA | 3, 0xFFFFFFFF);
                        s.Mark(c, "after");
                        c.nop();
                    }));
            }

            list.Add($"call gate {bits} bits at the same level", s => s
                .Gdt(Selectors.SlotA, Descriptor.Gate(bits == 16 ? Selectors.SlotB : Selectors.Code0, bits == 16 ? 0x8000 : Layout.Other32, type, parameters: 3))
                .Gdt(Selectors.SlotB, Descriptor.Segment(Layout.Other32 - 0x8000, 0xFFFF, Descriptor.Code))
                .OtherEnds().Show("stack", Layout.Stack0 - (bits == 16 ? 4u : 8), bits / 16).Code(c => c.FarCall(Selectors.SlotA, 0)));
        }

        list.Add("call gate to conforming code keeps level and stack", s => s.Gdt(Selectors.SlotA, Descriptor.Gate(Selectors.Conforming0, Layout.Other32, Descriptor.CallGate32, 3, parameters: 5))
            .OtherEnds().User(c => c.FarCall(Selectors.SlotA | 3, 0)));
        list.Add("call far 32 bits at level 3", s => s.OtherEnds().Show("stack", Layout.Stack3 - 8, 2).User(c => c.FarCall(Selectors.Code3, Layout.Other32)));
        list.Add("call far to 16-bit code pushes 32-bit values", s => s.Show("stack", Layout.Stack0 - 8, 2).Code(c => c.FarCall(Selectors.Code16, 0)).Code16(s.End));
    }

    private static void AddReturns(ScenarioList list)
    {
        foreach (var cpl in Levels)
        {
            foreach (ushort selector in new ushort[] { 0, 3, 4, 0x0C, 0x14, 8, 9, 0x0B, 0x10, 0x18, 0x1B, 0x1A, 0x2B, 0x48, 0x4B, 0x68, 0x6B, 0x70, 0x71, 0x73, 0xB0, 0xB3, Selectors.Outside })
            {
                list.AddCell($"retf, cpl{cpl}, cs", $"{selector:x4}", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(Descriptor.Code, 3, present: false)).OtherEnds("end").At(cpl, c =>
                {
                    var stack = (selector & 3) switch { 1 => Selectors.Data1, 2 => Selectors.Data2, _ => Selectors.Data3 };
                    c.push(stack);
                    c.push((int)Layout.Stack3);
                    c.push(selector);
                    c.push((int)Layout.Other32);
                    s.Mark(c, "bad");
                    c.retf();
                }));
            }
        }

        foreach (ushort selector in new ushort[] { 0, 3, 7, 0x20, 0x21, 0x22, 0x23, 0x13, 0x10, 0x1B, 0x7B, 0x4B, 0x53, 0x2B, Selectors.Outside | 3 })
        {
            foreach (var iret in new[] { false, true })
            {
                list.AddCell($"{(iret ? "iret" : "retf")} to level 3, ss", $"{selector:x4}", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(Descriptor.Data, 3, present: false))
                    .Gdt(Selectors.SlotB, Descriptor.Flat(Descriptor.ReadOnly, 3)).OtherEnds("end").Code(c =>
                {
                    c.push(selector);
                    c.push((int)Layout.Stack3);
                    if (iret)
                        c.push(2);
                    c.push(Selectors.Code3);
                    c.push((int)Layout.Other32);
                    s.Mark(c, "bad");
                    if (iret)
                        c.iretd();
                    else
                        c.retf();
                }));
            }
        }

        list.Add("retf 8 to level 3 releases parameters on both stacks", s => s.OtherEnds().Code(c =>
        {
            c.push(Selectors.Data3);
            c.push((int)Layout.Stack3 - 0x20);
            c.push(0x2222);
            c.push(0x1111);
            c.push(Selectors.Code3);
            c.push((int)Layout.Other32);
            c.retf(8);
        }));
        list.Add("retf to level 3 clears data segments of level 0 and keeps conforming code", s => s.OtherEnds().Code(c =>
        {
            c.mov(eax, Selectors.Conforming0);
            c.mov(fs, ax);
            c.mov(eax, Selectors.Data3);
            c.mov(gs, ax);
            c.mov(eax, Selectors.Code0);
            c.mov(es, ax);
            c.push(Selectors.Data3);
            c.push((int)Layout.Stack3);
            c.push(Selectors.Code3);
            c.push((int)Layout.Other32);
            c.retf();
        }));
        list.Add("retf to level 1 keeps data segments of level 1", s => s.OtherEnds().Code(c =>
        {
            c.mov(eax, Selectors.Data1 & ~3);
            c.mov(fs, ax);
            c.push(Selectors.Data1);
            c.push((int)Layout.Inner1);
            c.push(Selectors.Code1);
            c.push((int)Layout.Other32);
            c.retf();
        }));
        list.Add("retf beyond the code limit", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(0, 0xFFFF, Descriptor.Code)).Code(c =>
        {
            c.push(Selectors.SlotA);
            c.push(0x10000);
            s.Mark(c, "bad");
            c.retf();
        }));
        list.Add("retf 16 bits to level 3 with a 16-bit stack", s => s.Code16(s.End).Code(c =>
        {
            c.mov(esp, 0x51000);
            c.push((Selectors.Data16User << 16) | 0x800);
            c.push((Selectors.Code16User << 16) | 0);
            c.db(0x66);
            c.retf();
        }));
    }
}
