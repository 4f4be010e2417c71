using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Loads of segment registers by MOV, POP and LSS: every kind of descriptor against every level (SDM vol. 3, 5.6 and 5.7).</summary>
internal static class SegmentLoads
{
    private static readonly int[] Levels = [0, 3];

    public static void AddTo(ScenarioList list)
    {
        foreach (var register in new[] { ds, ss })
        {
            foreach (var present in new[] { true, false })
            {
                foreach (var cpl in Levels)
                {
                    foreach (var rpl in Levels)
                    {
                        foreach (var dpl in Levels)
                            AddRow(list, register, present, cpl, rpl, dpl);
                    }
                }
            }
        }

        foreach (var register in new[] { ds, es, fs, gs, ss })
            AddOddSelectors(list, register);
        AddDetails(list);
    }

    private static void AddRow(ScenarioList list, AssemblerRegisterSegment register, bool present, int cpl, int rpl, int dpl)
    {
        var row = $"mov {Name(register)}, {(present ? "present" : "absent")} cpl{cpl} rpl{rpl} dpl{dpl}";
        for (var type = 0; type < 32; type++)
        {
            // An expand-down segment reaches down to its limit: all but the first byte.
            var descriptor = type is >= 0x14 and < 0x18 ? Descriptor.Segment(0, 0, type, dpl, present) : Descriptor.Flat(type, dpl, present);
            list.AddCell(row, $"{type:x2}", s =>
            {
                s.Gdt(Selectors.SlotA, descriptor);
                Run(s, cpl, c => Load(s, c, register, (ushort)(Selectors.SlotA | rpl)));
            });
        }
    }

    private static void AddOddSelectors(ScenarioList list, AssemblerRegisterSegment register)
    {
        foreach (var cpl in Levels)
        {
            var row = $"mov {Name(register)}, cpl{cpl} odd selectors";
            ushort[] selectors = [0, 1, 2, 3, 4, 0x0C, 0x0F, 0x14, 0x44, 0x7FFC, Selectors.Outside, Selectors.Outside | 3, 0xFFF8, 0xFFFF];
            foreach (var selector in selectors)
                list.AddCell(row, $"{selector:x4}", s => Run(s, cpl, c => Load(s, c, register, selector)));
        }
    }

    private static void AddDetails(ScenarioList list)
    {
        list.Add("mov ds sets the accessed bit", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(0x12)).Show("descriptor", Layout.Gdt + Selectors.SlotA, 2).Code(c =>
        {
            c.mov(eax, Selectors.SlotA);
            c.mov(ds, ax);
            s.End(c);
        }));
        list.Add("mov ds that faults leaves register and descriptor", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(0x12, present: false))
            .Show("descriptor", Layout.Gdt + Selectors.SlotA, 2).Code(c => Load(s, c, ds, Selectors.SlotA)));
        list.Add("pop ss that faults leaves esp", s => s.Gdt(Selectors.SlotA, Descriptor.Flat(0x12, present: false)).Code(c =>
        {
            c.push(Selectors.SlotA);
            s.Mark(c, "bad");
            c.pop(ss);
            s.End(c);
        }));
        list.Add("lss that faults leaves esp", s => s.Words(Layout.Data, 0x1234, Selectors.Code0).Code(c =>
        {
            s.Mark(c, "bad");
            c.lss(esp, __fword_ptr[Layout.Data]);
            s.End(c);
        }));
        list.Add("les null loads", s => s.Words(Layout.Data, 0x1234, 3).Code(c =>
        {
            c.les(ebx, __fword_ptr[Layout.Data]);
            s.End(c);
        }));
        list.Add("access through null es", s => s.Code(c =>
        {
            c.xor(eax, eax);
            c.mov(es, ax);
            s.Mark(c, "bad");
            c.mov(eax, __dword_ptr.es[Layout.Data]);
            s.End(c);
        }));
        list.Add("ldt selector after lldt 0", s => s.Code(c =>
        {
            c.xor(eax, eax);
            c.lldt(ax);
            c.mov(eax, 0x0C);
            s.Mark(c, "bad");
            c.mov(ds, ax);
            s.End(c);
        }));
        list.Add("descriptor that ends beyond the limit of the gdt", s => s.Write(Layout.Data, 0x4E, 0, 0x00, 0x00, 0x01, 0x00)
            .Gdt(Selectors.SlotA, Descriptor.Flat(Descriptor.Data)).Code(c =>
        {
            c.lgdt(__[Layout.Data]);
            Load(s, c, ds, Selectors.SlotA);
        }));
    }

    private static void Load(Scenario s, Assembler c, AssemblerRegisterSegment register, ushort selector)
    {
        c.mov(eax, selector);
        s.Mark(c, "bad");
        c.mov(register, ax);
        s.End(c);
    }

    private static void Run(Scenario s, int cpl, Action<Assembler> body)
    {
        if (cpl == 0)
            s.Code(body);
        else
            s.User(body);
    }

    private static string Name(AssemblerRegisterSegment register) => ((Register)register).ToString().ToLowerInvariant();
}
