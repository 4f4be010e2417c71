using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Single step, breakpoints, DR6 (SDM vol. 3, chapter 17); double faults; SYSENTER and SYSEXIT (vol. 2).</summary>
internal static class Debugging
{
    public static void AddTo(ScenarioList list)
    {
        AddSteps(list);
        AddBreakpoints(list);
        AddDoubleFaults(list);
        AddFastCalls(list);
    }

    private static void Step(ScenarioList list, string name, int events, Action<Scenario, Assembler> body) => list.Add("single step: " + name, s => s.Code(c =>
    {
        c.push(0x102);
        c.popfd();
        s.Mark(c, "first");
        c.nop();
        s.Mark(c, "second");
        body(s, c);
        s.End(c);
    }).OtherEnds().Repeat(events, GuestMonitor.ActionReturn));

    private static void AddSteps(ScenarioList list)
    {
        Step(list, "plain instructions", 4, (_, c) =>
        {
            c.nop();
            c.mov(eax, 1);
            c.nop();
        });
        Step(list, "rep movsb, each iteration", 4, (_, c) =>
        {
            c.mov(ecx, 3);
            c.mov(esi, Layout.Data);
            c.mov(edi, Layout.Data + 0x10);
            c.rep.movsb();
        });
        Step(list, "popfd that clears TF still traps", 4, (s, c) =>
        {
            c.push(2);
            c.popfd();
            s.Mark(c, "after");
            c.nop();
            c.nop();
        });
        Step(list, "mov ss holds the trap back", 4, (s, c) =>
        {
            c.mov(eax, ss);
            c.mov(ss, ax);
            c.nop();
            s.Mark(c, "after");
            c.nop();
        });
        Step(list, "pop ss holds the trap back", 4, (s, c) =>
        {
            c.push(ss);
            c.pop(ss);
            c.nop();
            s.Mark(c, "after");
            c.nop();
        });
        Step(list, "sti does not hold the trap back", 3, (_, c) =>
        {
            c.sti();
            c.cli();
        });
        Step(list, "int n clears TF in the handler, no trap before it", 3, (s, c) =>
        {
            c.@int(0x55);
            s.Mark(c, "after");
            c.nop();
        });
        Step(list, "a fault comes before the trap", 2, (_, c) =>
        {
            c.mov(eax, 0x1238);
            c.mov(fs, ax);
        });
        Step(list, "pushfd shows TF", 3, (_, c) =>
        {
            c.pushfd();
            c.pop(ebx);
        });
        list.Add("single step at level 3", s => s.User(c =>
        {
            s.Mark(c, "first");
            c.nop();
            s.Mark(c, "second");
            c.nop();
            s.End(c);
        }, 0, 0x100).Then(GuestMonitor.ActionReturn, GuestMonitor.ActionStopStepping));
        list.Add("single step in virtual-8086 mode", s => s.Virtual(c =>
        {
            s.Mark(c, "first");
            c.nop();
            s.Mark(c, "second");
            c.nop();
            s.End(c);
        }, 3, 0x100).Then(GuestMonitor.ActionReturn, GuestMonitor.ActionStopStepping));
    }

    private static void Break(ScenarioList list, string name, uint address, uint dr7Value, int events, Action<Scenario, Assembler> body, uint cr4Value = 0, uint action = GuestMonitor.ActionReturn) =>
        list.Add("breakpoint: " + name, s => s.Code(c =>
        {
            c.mov(eax, address);
            c.mov(dr0, eax);
            c.mov(eax, cr4Value);
            c.mov(cr4, eax);
            c.mov(eax, dr7Value);
            c.mov(dr7, eax);
            c.JumpTo(Layout.Other32);
        }).Code(c =>
        {
            body(s, c);
            s.End(c);
        }, Layout.Other32).Repeat(events, action));

    private static void AddBreakpoints(ScenarioList list)
    {
        const uint write4 = 0xD0402, access4 = 0xF0402, write1 = 0x10402, access2 = 0x70402;
        Break(list, "execution is a fault, RF passes it once", Layout.Other32 + 1, 0x402, 2, (s, c) =>
        {
            c.nop();
            s.Mark(c, "watched");
            c.nop();
            c.nop();
        }, action: GuestMonitor.ActionResume);
        Break(list, "execution, disabled", Layout.Other32 + 1, 0x400, 1, (_, c) => c.nop());
        foreach (var (name, setting) in new[] { ("write of four bytes", write4), ("access of four bytes", access4), ("write of one byte", write1), ("access of two bytes", access2) })
        {
            Break(list, name, Layout.Data + 4, setting, 8, (s, c) =>
            {
                c.mov(__dword_ptr[Layout.Data], eax);
                s.Mark(c, "after-below");
                c.mov(__dword_ptr[Layout.Data + 1], eax);
                s.Mark(c, "after-overlap");
                c.mov(ebx, __dword_ptr[Layout.Data + 4]);
                s.Mark(c, "after-read");
                c.mov(__byte_ptr[Layout.Data + 5], al);
                s.Mark(c, "after-byte");
                c.push(__dword_ptr[Layout.Data + 6]);
                s.Mark(c, "after-push");
                c.inc(__dword_ptr[Layout.Data + 4]);
                s.Mark(c, "after-inc");
                c.mov(__dword_ptr[Layout.Data + 8], eax);
            });
        }

        Break(list, "i/o with CR4.DE", 0x80, 0x20402, 3, (s, c) =>
        {
            c.@out(0x7F, al);
            s.Mark(c, "after-below");
            c.@out(0x80, al);
            s.Mark(c, "after");
            c.nop();
        }, 8);
        Break(list, "rep stosb traps after the iteration", Layout.Data + 2, write1, 3, (s, c) =>
        {
            c.mov(edi, Layout.Data);
            c.mov(ecx, 4);
            c.rep.stosb();
            s.Mark(c, "after");
            c.nop();
        });
        Break(list, "execution of rep stosb hits once", Layout.Other32 + 10, 0x402, 2, (s, c) =>
        {
            c.mov(edi, Layout.Data);
            c.mov(ecx, 4);
            s.Mark(c, "watched");
            c.rep.stosb();
            c.nop();
        }, action: GuestMonitor.ActionResume);
        Break(list, "general detect", 0, 0x2400, 1, (s, c) =>
        {
            s.Mark(c, "bad");
            c.mov(ebx, dr3);
        });
        Break(list, "dr4 is dr6, dr5 is dr7", 0, 0x400, 0, (_, c) =>
        {
            c.db(0x0F, 0x21, 0xE3);
            c.db(0x0F, 0x21, 0xE9);
        });
        Break(list, "dr4 does not exist with CR4.DE", 0, 0x400, 0, (s, c) =>
        {
            s.Mark(c, "bad");
            c.db(0x0F, 0x21, 0xE3);
        }, 8);
        Break(list, "reserved bits of dr6 and dr7", 0, 0x400, 0, (_, c) =>
        {
            c.xor(eax, eax);
            c.mov(dr6, eax);
            c.mov(dr7, eax);
            c.mov(ebx, dr6);
            c.mov(ecx, dr7);
        });
    }

    private static void AddDoubleFaults(ScenarioList list)
    {
        foreach (var task in new[] { false, true })
        {
            foreach (var (name, vector, emit) in new (string, int, Action<Assembler>)[]
            {
                ("#GP, then #NP", 13, c => { c.mov(eax, 0x1238); c.mov(ds, ax); }), ("#DE, then #NP", 0, c => { c.xor(ecx, ecx); c.div(ecx); }), ("#UD, then #NP", 6, c => c.ud2()), ("#NP, then #NP", 11, c => { c.mov(eax, Selectors.SlotA); c.mov(ds, ax); }),
            })
            {
                list.Add($"fault pair {name}{(task ? ", task gate" : string.Empty)}", s =>
                {
                    s.Idt(vector, Descriptor.Gate(Selectors.Code0, Layout.Other32, Descriptor.InterruptGate32, 0, present: false)).Gdt(Selectors.SlotA, Descriptor.Flat(Descriptor.Data, present: false))
                        .Idt(6, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (6 * Layout.StubSize), Descriptor.InterruptGate32, 0, vector != 6));
                    if (task)
                        s.Idt(8, Descriptor.Gate(Selectors.TaskTss, 0, 5)).Code(c => { c.pop(eax); c.int3(); s.Mark(c, "other"); c.nop(); }, Layout.Other32);
                    if (vector == 11)
                        s.Idt(8, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (8 * Layout.StubSize), Descriptor.InterruptGate32));
                    s.Code(c =>
                    {
                        emit(c);
                        c.nop();
                    });
                });
            }
        }

        list.Add("fault pair #PF, then #PF on the way to its handler", s => s.Clear(Layout.PageTables, 0x2000).Words(Layout.PageTables, 0x87).Idt(14, 0).Idt(13, 0).Code(c =>
        {
            c.mov(eax, 0x10);
            c.mov(cr4, eax);
            c.mov(eax, Layout.PageTables);
            c.mov(cr3, eax);
            c.mov(eax, 0x80000011);
            c.mov(cr0, eax);
            s.Try(c, _ => c.mov(eax, __dword_ptr[0x500000]));
        }));
    }

    private static void AddFastCalls(ScenarioList list)
    {
        foreach (var cs in new uint[] { 8u, 0, 3, 0xB })
        {
            list.Add($"sysenter, cs {cs:x}", s => s.OtherEnds().Code(c =>
            {
                SetFastCall(c, cs);
                Scenario.UserEntry(c, 0, 0x200);
            }).Code(c => s.Try(c, _ => c.sysenter()), Layout.User32));
            list.Add($"sysexit, cs {cs:x}", s => s.Code(c =>
            {
                SetFastCall(c, cs);
                c.mov(edx, Layout.User32);
                c.mov(ecx, Layout.Stack3);
                s.Try(c, _ => c.db(0x0F, 0x35));
            }).Code(c =>
            {
                s.Mark(c, "user");
                c.ud2();
            }, Layout.User32));
        }

        list.Add("sysenter from virtual-8086 mode", s => s.Virtual(c => s.Try(c, _ => c.sysenter())).OtherEnds().Code(c =>
        {
            SetFastCall(c, 8);
            foreach (var word in new[] { 0x3333, 0x2222, 0x4000, 0x1111, Layout.Stack16Segment, Layout.Stack16Top, 0x20002, Layout.Code16Segment, 0 })
                c.push(word);
            c.iretd();
        }));
    }

    private static void SetFastCall(Assembler c, uint cs)
    {
        foreach (var (number, value) in new[] { (0x174u, cs), (0x175u, Layout.TaskStack), (0x176u, Layout.Other32) })
        {
            c.mov(ecx, number);
            c.mov(eax, value);
            c.xor(edx, edx);
            c.wrmsr();
        }
    }
}
