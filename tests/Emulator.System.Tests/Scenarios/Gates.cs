using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Interrupts and exceptions through interrupt and trap gates; INT n and its privilege checks; IRET (SDM vol. 3, 6.12; vol. 2, INT, IRET).</summary>
internal static class Gates
{
    private static readonly int[] Levels = [0, 3];

    public static void AddTo(ScenarioList list)
    {
        AddGateKinds(list);
        AddSoftware(list);
        AddTargets(list);
        AddFrames(list);
        AddReturns(list);
        AddExceptions(list);
    }

    private static void AddGateKinds(ScenarioList list)
    {
        foreach (var present in new[] { true, false })
        {
            foreach (var cpl in Levels)
            {
                foreach (var dpl in Levels)
                {
                    for (var type = 0; type < 32; type++)
                    {
                        if (type is 5 or 6 or 7)
                            continue; // task gates and 16-bit gates have scenarios of their own
                        list.AddCell($"int 40 by gate, {(present ? "present" : "absent")} cpl{cpl} dpl{dpl}", $"{type:x2}", s => s
                            .Idt(0x40, Descriptor.Gate(Selectors.Code0, Layout.Other32, type, dpl, present)).OtherEnds("end")
                            .At(cpl, c => s.Try(c, _ => c.@int(0x40))));
                    }
                }
            }
        }
    }

    private static void AddSoftware(ScenarioList list)
    {
        foreach (var cpl in Levels)
        {
            list.Add($"int n cpl{cpl}", s => s.At(cpl, c => s.Try(c, _ => c.@int(0x55))));
            list.Add($"int n of an exception with an error code pushes none, cpl{cpl}", s => s.Idt(0x40, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (13 * Layout.StubSize), Descriptor.InterruptGate32, 3))
                .At(cpl, c => s.Try(c, _ => c.@int(0x41))));
            list.Add($"int 0d cpl{cpl}", s => s.Idt(0x0D, Descriptor.Gate(Selectors.Code0, Layout.Other32, Descriptor.InterruptGate32)).OtherEnds().At(cpl, c => s.Try(c, _ => c.@int(0x0D))));
            list.Add($"int3 cpl{cpl}, dpl 0", s => s.At(cpl, c => s.Try(c, _ => c.int3())));
            list.Add($"int3 cpl{cpl}, dpl 3", s => s.Idt(3, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (3 * Layout.StubSize), Descriptor.InterruptGate32, 3)).At(cpl, c => s.Try(c, _ => c.int3())));
            list.Add($"int 3 in two bytes cpl{cpl}", s => s.At(cpl, c => s.Try(c, _ => c.db(0xCD, 3))));
            list.Add($"int1 cpl{cpl}", s => s.At(cpl, c => s.Try(c, _ => c.int1())));
            list.Add($"int 01 cpl{cpl}", s => s.At(cpl, c => s.Try(c, _ => c.db(0xCD, 1))));
            list.Add($"into cpl{cpl}, of set, dpl 0", s => s.At(cpl, c => Overflow(s, c)));
            list.Add($"into cpl{cpl}, of set, dpl 3", s => s.Idt(4, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (4 * Layout.StubSize), Descriptor.InterruptGate32, 3)).At(cpl, c => Overflow(s, c)));
            list.Add($"into cpl{cpl}, of clear", s => s.At(cpl, c => s.Try(c, _ => c.into())));
            list.Add($"bound cpl{cpl}", s => s.Words(Layout.Data, 5, 9).At(cpl, c =>
            {
                c.mov(eax, 10);
                s.Try(c, _ => c.bound(eax, __qword_ptr[Layout.Data]));
            }));
            foreach (var value in new[] { 4, 5, 9, 10, -1 })
            {
                list.AddCell($"bound 5 to 9, cpl{cpl}", $"{value}", s => s.Words(Layout.Data, 5, 9).At(cpl, c =>
                {
                    c.mov(eax, value);
                    s.Try(c, _ => c.bound(eax, __qword_ptr[Layout.Data]));
                }));
            }

            list.Add($"int beyond the limit of the idt cpl{cpl}", s => s.Write(Layout.Data, 0xFF, 2, 0x00, 0x08, 0x01, 0x00).Code(c =>
            {
                c.lidt(__[Layout.Data]);
                if (cpl == 3)
                    Scenario.UserEntry(c);
                s.Try(c, _ => c.@int(0x60));
            }).Code(c => s.Try(c, _ => c.@int(0x60)), Layout.User32));
        }
    }

    private static void Overflow(Scenario s, Assembler c)
    {
        c.mov(al, 0x7F);
        c.add(al, 1);
        c.mov(al, 0xA3);
        s.Try(c, _ => c.into());
    }

    /// <summary>What an interrupt gate names.</summary>
    private static void AddTargets(ScenarioList list)
    {
        foreach (var (selector, name) in new[]
        {
            ((ushort)0, "null"), ((ushort)3, "null-rpl3"), (Selectors.Outside, "outside"), (Selectors.Data0, "data"), (Selectors.Tss, "tss"), (Selectors.SlotB, "absent"),
            (Selectors.Code0, "code0"), ((ushort)(Selectors.Code0 | 3), "code0-rpl3"), (Selectors.Code3, "code3"), (Selectors.Code1, "code1"), (Selectors.Conforming0, "conforming0"),
            (Selectors.Conforming3, "conforming3"), ((ushort)0x14, "ldt"), ((ushort)0x44, "beyond-ldt"),
        })
        {
            foreach (var cpl in Levels)
            {
                foreach (var hard in new[] { false, true })
                {
                    // The hardware's own event is #DE.
                    list.AddCell($"{(hard ? "divide error" : "int 40")} to what, cpl{cpl}", name, s => s.Idt(hard ? 0 : 0x40, Descriptor.Gate(selector, Layout.Other32, Descriptor.InterruptGate32, 3))
                        .Gdt(Selectors.SlotB, Descriptor.Flat(Descriptor.Code, present: false)).OtherEnds("end").At(cpl, c =>
                    {
                        if (hard)
                            c.xor(ecx, ecx);
                        s.Try(c, _ =>
                        {
                            if (hard)
                                c.div(ecx);
                            else
                                c.@int(0x40);
                        });
                    }));
                }
            }
        }

        foreach (var (what, change) in new (string, Func<Scenario, Scenario>)[]
        {
            ("null", s => s.Words(Layout.Tss + 16, 0)), ("with rpl 3", s => s.Words(Layout.Tss + 16, Selectors.Data1 | 3)),
            ("absent", s => s.Gdt(Selectors.Data1, Descriptor.Flat(Descriptor.Data, 1, present: false))),
            ("too small", s => s.Gdt(Selectors.Data1, Descriptor.Segment(Layout.Inner1 - 16, 15, Descriptor.Data, 1)).Words(Layout.Tss + 12, 16)),
            ("beyond the limit of the tss", s => s.Gdt(Selectors.Tss, Descriptor.Segment(Layout.Tss, 16, Descriptor.Tss32))),
        })
        {
            list.Add($"int 40 to level 1, stack {what}", s => change(s.Idt(0x40, Descriptor.Gate(Selectors.Code1, Layout.Other32, Descriptor.InterruptGate32, 3)).OtherEnds())
                .User(c => s.Try(c, _ => c.@int(0x40))));
            list.Add($"divide error to level 1, stack {what}", s => change(s.Idt(0, Descriptor.Gate(Selectors.Code1, Layout.Other32, Descriptor.InterruptGate32, 3)).OtherEnds()).User(c =>
            {
                c.xor(ecx, ecx);
                s.Try(c, _ => c.div(ecx));
            }));
        }

        list.Add("int 40 beyond the limit of its code segment", s => s.Idt(0x40, Descriptor.Gate(Selectors.Code16, 0x10000, Descriptor.InterruptGate32, 3)).Code(c => s.Try(c, _ => c.@int(0x40))));
    }

    private static void AddFrames(ScenarioList list)
    {
        foreach (var (type, name) in new[] { (Descriptor.InterruptGate32, "interrupt gate"), (Descriptor.TrapGate32, "trap gate") })
        {
            foreach (var cpl in Levels)
            {
                list.Add($"{name}, cpl{cpl}: IF, TF, NT, AC in the handler", s => s.Idt(0x40, Descriptor.Gate(Selectors.Code0, Layout.Stubs + (0x40 * Layout.StubSize), type, 3)).At(cpl, c =>
                {
                    if (cpl == 0)
                    {
                        c.push(0x244602);
                        c.popfd();
                    }

                    s.Try(c, _ => c.@int(0x40));
                }));
            }
        }

        foreach (var (type, name) in new[] { (Descriptor.InterruptGate16, "16-bit interrupt gate"), (Descriptor.TrapGate16, "16-bit trap gate") })
        {
            foreach (var cpl in Levels)
            {
                var stack = cpl == 0 ? Layout.Stack0 : Layout.Inner0;
                list.Add($"{name}, cpl{cpl}", s => s.Idt(0x40, Descriptor.Gate(Selectors.SlotB, 0x8000, type, 3)).Gdt(Selectors.SlotB, Descriptor.Segment(Layout.Other32 - 0x8000, 0xFFFF, Descriptor.Code))
                    .OtherEnds().At(cpl, c => c.@int(0x40)).Code(c =>
                    {
                        c.mov(eax, __dword_ptr[stack - 4]);
                        c.mov(ebx, __dword_ptr[stack - 8]);
                        c.mov(edx, __dword_ptr[stack - 12]);
                        c.ud2();
                    }, Layout.Other32));
                list.Add($"{name} for #GP, cpl{cpl}", s => s.Idt(13, Descriptor.Gate(Selectors.SlotB, 0x8000, type, 3)).Gdt(Selectors.SlotB, Descriptor.Segment(Layout.Other32 - 0x8000, 0xFFFF, Descriptor.Code))
                    .At(cpl, c =>
                    {
                        c.mov(eax, 0x5678);
                        c.mov(ds, ax);
                    }).Code(c =>
                    {
                        c.mov(eax, __dword_ptr[stack - 4]);
                        c.mov(ebx, __dword_ptr[stack - 8]);
                        c.mov(edx, __dword_ptr[stack - 12]);
                        c.ud2();
                    }, Layout.Other32));
            }
        }

        list.Add("interrupt on a 16-bit stack changes SP only", s => s.Code(c =>
        {
            c.mov(eax, Selectors.Data16);
            c.mov(ss, ax);
            c.mov(esp, 0xABCD1000);
            s.Try(c, _ => c.@int(0x55));
        }));
        list.Add("interrupt to conforming code at level 3", s => s.Idt(0x40, Descriptor.Gate(Selectors.Conforming0, Layout.Other32, Descriptor.InterruptGate32, 3)).OtherEnds()
            .User(c => c.@int(0x40), flags: 0x200));
    }

    private static void AddReturns(ScenarioList list)
    {
        foreach (var cpl in Levels)
        {
            foreach (ushort selector in new ushort[] { 0, 3, 8, 0x0B, 0x10, 0x1B, 0x18, 0x4B, 0x68, 0x6B, 0x71, 0xB3, Selectors.Outside })
            {
                list.AddCell($"iret, cpl{cpl}, cs", $"{selector:x4}", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(Descriptor.Code, 3, present: false)).OtherEnds("end").At(cpl, c =>
                {
                    c.push((selector & 3) == 1 ? Selectors.Data1 : Selectors.Data3);
                    c.push((int)Layout.Stack3);
                    c.push(2);
                    c.push(selector);
                    c.push((int)Layout.Other32);
                    s.Mark(c, "bad");
                    c.iretd();
                }));
            }

            foreach (var iopl in Levels)
            {
                list.Add($"iret flags, cpl{cpl} iopl{iopl}", s => s.OtherEnds().Code(c =>
                {
                    if (cpl == 3)
                        Scenario.UserEntry(c, iopl);
                    Same(c, cpl);
                }).Code(c => Same(c, cpl), Layout.User32));
                list.Add($"popfd flags, cpl{cpl} iopl{iopl}", s => s.Code(c =>
                {
                    if (cpl == 3)
                        Scenario.UserEntry(c, iopl);
                    Pop(s, c);
                }).Code(c => Pop(s, c), Layout.User32));
                list.Add($"cli and sti, cpl{cpl} iopl{iopl}", s => s.At(cpl, c => { }).Code(c =>
                {
                    if (cpl == 3)
                        Scenario.UserEntry(c, iopl);
                    s.Try(c, _ => c.cli());
                }).Code(c => s.Try(c, _ => c.cli()), Layout.User32));
            }
        }

        list.Add("iret 16 bits keeps the high flags and clears the high half of EIP", s => s.Gdt(Selectors.SlotB, Descriptor.Segment(Layout.Other32 - 0x8000, 0xFFFF, Descriptor.Code)).OtherEnds().Code(c =>
        {
            c.push(0x240002);
            c.popfd();
            c.push((0x0C02 << 16) | 0);
            c.push((Selectors.SlotB << 16) | 0x8000);
            c.mov(__word_ptr[esp + 4], 0x0C02);
            c.iret();
        }));
        list.Add("iret at level 0 loads VIF and VIP", s => s.OtherEnds().Code(c =>
        {
            c.push(0x180002);
            c.push(Selectors.Code0);
            c.push((int)Layout.Other32);
            c.iretd();
        }));
        list.AddOwn("mov cr0 with PG but not PE", s => s.Code(c =>
        {
            c.mov(eax, 0x80000010);
            s.Try(c, _ => c.mov(cr0, eax));
        }));
        list.Add("iret to level 3 clears data segments", s => s.OtherEnds().Code(c =>
        {
            c.mov(eax, Selectors.Conforming0);
            c.mov(fs, ax);
            c.push(Selectors.Data3);
            c.push((int)Layout.Stack3);
            c.push(0x3002);
            c.push(Selectors.Code3);
            c.push((int)Layout.Other32);
            c.iretd();
        }));
    }

    private static void Same(Assembler c, int cpl)
    {
        c.push(0x247602);
        c.push(cpl == 0 ? Selectors.Code0 : Selectors.Code3);
        c.push((int)Layout.Other32);
        c.iretd();
    }

    private static void Pop(Scenario s, Assembler c)
    {
        c.push(0x257602);
        c.popfd();
        s.End(c);
    }

    /// <summary>Vector, error code and address of the exceptions that are easy to provoke.</summary>
    private static void AddExceptions(ScenarioList list)
    {
        foreach (var cpl in Levels)
        {
            foreach (var (name, emit) in new (string, Action<Assembler>)[]
            {
                ("div", c => c.div(edx)), ("hlt", c => c.hlt()), ("clts", c => c.clts()), ("mov eax,cr0", c => c.mov(eax, cr0)), ("mov eax,dr7", c => c.mov(eax, dr7)), ("invd", c => c.invd()),
                ("wbinvd", c => c.wbinvd()), ("rdmsr", c => c.rdmsr()), ("lgdt", c => c.lgdt(__[Layout.Data])), ("lldt", c => c.lldt(ax)), ("ltr", c => c.ltr(ax)), ("lmsw", c => c.lmsw(ax)),
                ("invlpg", c => c.invlpg(__byte_ptr[0])), ("in", c => { c.@in(al, 0x80); c.mov(eax, 0); }), ("out", c => c.@out(0x80, al)), ("ud2", c => c.ud2()), ("lock nop", c => c.db(0xF0, 0x90)),
                ("lock mov", c => c.db(0xF0, 0x89, 0x03)), ("lock add reg", c => c.db(0xF0, 0x01, 0xC0)), ("sixteen bytes", c => c.db(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90)),
                ("mov cs,ax", c => c.db(0x8E, 0xC8)), ("mov eax,cr1", c => c.db(0x0F, 0x20, 0xC8)), ("les register", c => c.db(0xC4, 0xC0)), ("rsm", c => c.rsm()),
                ("sysexit", c => c.db(0x0F, 0x35)), ("sysenter", c => c.sysenter()),
            })
            {
                list.AddCell($"exceptions cpl{cpl}", name.Replace(' ', '-'), s => s.At(cpl, c =>
                {
                    c.mov(ebp, 0x80000010);
                    c.xor(edx, edx);
                    c.mov(ecx, 0x12345678);
                    s.Mark(c, "bad");
                    if (cpl == 0 && (name is "hlt" or "lgdt"))
                        c.nop();
                    else
                        emit(c);
                    s.End(c);
                }));
            }
        }
    }
}
