using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>LLDT, LTR and hardware task switches (SDM vol. 3, chapter 7).</summary>
internal static class Tasks
{
    private const uint Nested = 0x4000;

    public static void AddTo(ScenarioList list)
    {
        AddRegisters(list);
        AddSwitches(list);
        AddGates(list);
        AddReturns(list);
        AddBrokenTargets(list);
        AddSixteenBits(list);
    }

    private static void AddRegisters(ScenarioList list)
    {
        foreach (var present in new[] { true, false })
        {
            foreach (var (name, load) in new (string, Action<Assembler>)[] { ("lldt", c => c.lldt(ax)), ("ltr", c => c.ltr(ax)) })
            {
                for (var type = 0; type < 32; type++)
                {
                    list.AddCell($"{name} {(present ? "present" : "absent")}", $"{type:x2}", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(Layout.Ldt, 0x3F, type, 0, present)).Code(c =>
                    {
                        c.mov(eax, Selectors.SlotA | 3);
                        s.Try(c, load);
                    }));
                }
            }
        }

        foreach (var (name, load) in new (string, Action<Assembler>)[] { ("lldt", c => c.lldt(ax)), ("ltr", c => c.ltr(ax)) })
        {
            foreach (var selector in new[] { 0, 3, 4, 0x0C, 0x28, 0x38, 0x30, 0x40, (int)Selectors.Outside })
            {
                list.AddCell($"{name} odd selectors", $"{selector:x4}", s => s.Code(c =>
                {
                    c.mov(eax, selector);
                    s.Try(c, load);
                }));
            }
        }

        list.Add("ltr makes busy", s => s.Show("descriptor", Layout.Gdt + Selectors.TaskTss, 2).Code(c =>
        {
            c.mov(eax, Selectors.TaskTss);
            c.ltr(ax);
            s.End(c);
        }));
    }

    /// <summary>Shows both TSS descriptors, the old task's saved state and the new one's link.</summary>
    private static Scenario Show(Scenario s) => s
        .Show("old descriptor", Layout.Gdt + Selectors.Tss + 4).Show("new descriptor", Layout.Gdt + Selectors.TaskTss + 4).Show("link", Layout.TaskTss)
        .Show("old eip, eflags", Layout.Tss + 0x20, 2).Show("old registers", Layout.Tss + 0x28, 8).Show("old segments", Layout.Tss + 0x48, 6);

    private static void AddSwitches(ScenarioList list)
    {
        foreach (var (name, call) in new[] { ("jmp", false), ("call", true) })
        {
            foreach (var (kind, selector) in new[] { ("tss", Selectors.TaskTss), ("task gate", Selectors.TaskGate) })
            {
                list.Add($"{name} {kind}", s => Show(s.OtherEnds()).Code(c =>
                {
                    c.push(0xCD7 | Nested);
                    c.popfd();
                    c.xor(ebx, ebx);
                    Transfer(c, call, selector);
                    s.Mark(c, "next");
                    c.nop();
                }));
            }

            foreach (var (cpl, rpl, dpl) in new[] { (0, 3, 0), (0, 0, 3), (3, 0, 0), (3, 3, 0), (3, 0, 3), (3, 3, 3) })
            {
                list.AddCell($"{name} tss by levels", $"cpl{cpl}rpl{rpl}dpl{dpl}", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(Layout.TaskTss, 0x67, Descriptor.Tss32, dpl)).OtherEnds("end")
                    .At(cpl, c => s.Try(c, _ => Transfer(c, call, (ushort)(Selectors.SlotA | rpl)))));
                list.AddCell($"{name} task gate by levels", $"cpl{cpl}rpl{rpl}dpl{dpl}", s => s.Gdt(Selectors.SlotA, Descriptor.Gate(Selectors.TaskTss, 0, 5, dpl)).OtherEnds("end")
                    .At(cpl, c => s.Try(c, _ => Transfer(c, call, (ushort)(Selectors.SlotA | rpl)))));
            }

            foreach (var (what, descriptor) in new[]
            {
                ("busy", Descriptor.Segment(Layout.TaskTss, 0x67, Descriptor.BusyTss32)), ("absent", Descriptor.Segment(Layout.TaskTss, 0x67, Descriptor.Tss32, present: false)),
                ("limit-66", Descriptor.Segment(Layout.TaskTss, 0x66, Descriptor.Tss32)), ("gate-to-null", Descriptor.Gate(0, 0, 5)), ("gate-to-ldt-selector", Descriptor.Gate(0x3C, 0, 5)),
                ("gate-to-code", Descriptor.Gate(8, 0, 5)), ("gate-to-busy", Descriptor.Gate(Selectors.Tss, 0, 5)), ("gate-absent", Descriptor.Gate(Selectors.TaskTss, 0, 5, present: false)),
                ("gate-outside", Descriptor.Gate(Selectors.Outside, 0, 5)),
            })
            {
                list.AddCell($"{name} to broken tss or gate", what, s => s.Gdt(Selectors.SlotA, descriptor).OtherEnds("end").Code(c => s.Try(c, _ => Transfer(c, call, Selectors.SlotA))));
            }
        }
    }

    private static void Transfer(Assembler c, bool call, ushort selector)
    {
        if (call)
            c.FarCall(selector, 0x55555555);
        else
            c.FarJump(selector, 0x55555555);
    }

    private static void AddGates(ScenarioList list)
    {
        foreach (var level in new[] { 0, 3 })
        {
            list.Add($"int through a task gate, cpl{level}", s => Show(s.Idt(0x40, Descriptor.Gate(Selectors.TaskTss, 0, 5, 3)).OtherEnds()).At(level, c =>
            {
                c.@int(0x40);
                s.Mark(c, "next");
                c.nop();
            }));
            list.Add($"#GP through a task gate pushes the error code, cpl{level}", s => s.Idt(13, Descriptor.Gate(Selectors.TaskTss, 0, 5)).Show("old eip", Layout.Tss + 0x20).At(level, c =>
                {
                    c.mov(eax, 0x1238);
                    s.Mark(c, "bad");
                    c.mov(ds, ax);
                }).Code(c =>
                {
                    c.pop(eax);
                    s.Mark(c, "other");
                    c.ud2();
                }, Layout.Other32));
        }

        list.Add("task gate in the idt, dpl 0, int from level 3", s => s.Idt(0x40, Descriptor.Gate(Selectors.TaskTss, 0, 5)).OtherEnds().User(c => s.Try(c, _ => c.@int(0x40))));
        list.Add("task gate in the idt to a busy tss", s => s.Idt(0x40, Descriptor.Gate(Selectors.Tss, 0, 5, 3)).Code(c => s.Try(c, _ => c.@int(0x40))));
        list.Add("int through a task gate and iret", s => Show(s.Idt(0x40, Descriptor.Gate(Selectors.TaskTss, 0, 5, 3))).Code(c =>
        {
            c.@int(0x40);
            s.End(c);
        }).Code(c =>
        {
            c.mov(eax, 0x1234);
            c.iretd();
            s.Mark(c, "resumed");
            c.ud2();
        }, Layout.Other32).Show("new eip", Layout.TaskTss + 0x20, 2));
    }

    private static void AddReturns(ScenarioList list)
    {
        list.Add("call tss and iret", s => Show(s).Code(c =>
        {
            c.FarCall(Selectors.TaskTss, 0);
            s.End(c);
        }).Code(c => c.iretd(), Layout.Other32).Show("new eip, eflags", Layout.TaskTss + 0x20, 2));
        foreach (var link in new[] { 0, 4, 8, 0x3C, (int)Selectors.TaskTss, Selectors.Outside, Selectors.SlotA })
        {
            list.AddCell("iret with NT, link", $"{link:x4}", s => s.Words(Layout.Tss, (uint)link).Gdt(Selectors.SlotA, Descriptor.Segment(Layout.TaskTss, 0x67, Descriptor.BusyTss32, present: false))
                .OtherEnds("end").Code(c =>
                {
                    c.push((int)Nested | 2);
                    c.popfd();
                    s.Mark(c, "bad");
                    c.iretd();
                }));
        }

        list.Add("iret with NT to a busy tss", s => Show(s.Words(Layout.Tss, Selectors.SlotA).Gdt(Selectors.SlotA, Descriptor.Segment(Layout.TaskTss, 0x67, Descriptor.BusyTss32)).OtherEnds())
            .Show("descriptor", Layout.Gdt + Selectors.SlotA + 4).Code(c =>
            {
                c.push((int)Nested | 2);
                c.popfd();
                c.iretd();
                s.Mark(c, "next");
                c.nop();
            }));
    }

    /// <summary>Faults found when the new task's state is loaded belong to it: CS:EIP are the new task's.</summary>
    private static void AddBrokenTargets(ScenarioList list)
    {
        foreach (var (name, offset, value) in new (string, uint, uint)[]
        {
            ("ldt is code", 0x60, 8), ("ldt outside", 0x60, Selectors.Outside), ("ldt null", 0x60, 0), ("cs null", 0x4C, 0), ("cs is data", 0x4C, 0x10), ("cs level 3 as 0", 0x4C, 0x18),
            ("cs outside", 0x4C, Selectors.Outside), ("ss null", 0x50, 0), ("ss level 3", 0x50, 0x23), ("ss is code", 0x50, 8), ("ds is tss", 0x54, 0x28), ("ds absent", 0x54, Selectors.SlotA),
            ("cs absent", 0x4C, Selectors.SlotB), ("ss absent", 0x50, Selectors.SlotA), ("es outside", 0x48, Selectors.Outside), ("trap bit", 0x64, 0x680001),
        })
        {
            list.Add($"new task, {name}", s => s.Words(Layout.TaskTss + offset, value).Gdt(Selectors.SlotA, Descriptor.Flat(Descriptor.Data, present: false))
                .Gdt(Selectors.SlotB, Descriptor.Flat(Descriptor.Code, present: false)).OtherEnds()
                .Idt(10, Descriptor.Gate(Selectors.OtherTss, 0, 5)).Idt(11, Descriptor.Gate(Selectors.OtherTss, 0, 5)).Idt(12, Descriptor.Gate(Selectors.OtherTss, 0, 5))
                .Words(Layout.OtherTss + 0x20, Layout.Other32 + 0x40).Show("link", Layout.OtherTss).Show("task eip", Layout.TaskTss + 0x20)
                .Code(c => c.FarJump(Selectors.TaskTss, 0)).Code(c =>
                {
                    c.pop(eax);
                    s.Mark(c, "fault-task");
                    c.ud2();
                }, Layout.Other32 + 0x40));
        }

        list.Add("new task at level 3", s => s.Words(Layout.TaskTss + 0x4C, Selectors.Code3, Selectors.Data3, Selectors.Data3).Words(Layout.TaskTss + 0x48, Selectors.Data3).OtherEnds()
            .Code(c => c.FarJump(Selectors.TaskTss, 0)));
        list.Add("new task in virtual-8086 mode", s => s.Words(Layout.TaskTss + 0x20, 0, 0x23002).Words(Layout.TaskTss + 0x48, 0x1111, Layout.Code16Segment, Layout.Stack16Segment, 0x4000, 0x2222, 0x3333)
            .Words(Layout.TaskTss + 0x38, Layout.Stack16Top).Code16(s.End).Code(c => c.FarJump(Selectors.TaskTss, 0)));
    }

    private static void AddSixteenBits(ScenarioList list)
    {
        list.Add("jmp 16-bit tss", s => s.Code16(s.End, 0x300).Show("new descriptor", Layout.Gdt + Selectors.TaskTss16 + 4).Code(c => c.FarJump(Selectors.TaskTss16, 0)));
        list.Add("call 16-bit tss and iret", s => s.Code16(c => c.iret(), 0x300).Show("new tss", Layout.TaskTss16, 11).Code(c =>
        {
            c.FarCall(Selectors.TaskTss16, 0);
            s.End(c);
        }));
        list.Add("jmp 16-bit tss with limit 2A", s => s.Gdt(Selectors.SlotA, Descriptor.Segment(Layout.TaskTss16, 0x2A, Descriptor.Tss16)).Code(c => s.Try(c, _ => c.FarJump(Selectors.SlotA, 0))));
        list.Add("call gate with stacks of a 16-bit tss", s => s.Words(Layout.TaskTss16 + 2, 0x00104400).Code(c =>
        {
            c.mov(eax, Selectors.TaskTss16);
            c.ltr(ax);
            Scenario.UserEntry(c);
        }).Code(s.End, Layout.User32));
    }
}
