using Emulator.System.Tests.Guest;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Scenarios;

/// <summary>Paging: rights of both levels, WP, large pages, accessed and dirty bits, PAE and NX, error codes (SDM vol. 3, chapter 4).</summary>
internal static class Paging
{
    // The tested page lies at 4 MB; below it everything is mapped one to one by a large page.
    private const uint Page = 0x400000;
    private const uint Directory = Layout.PageTables, Table = Layout.PageTables + 0x1000;
    private const uint PaePointers = Layout.PageTables, PaeDirectory = Layout.PageTables + 0x1000, PaeTable = Layout.PageTables + 0x2000;

    private static readonly (string Name, Action<Assembler> Emit)[] Accesses =
    [
        ("read", c => c.mov(eax, __dword_ptr[Page])), ("write", c => c.mov(__dword_ptr[Page], eax)),
    ];

    public static void AddTo(ScenarioList list)
    {
        AddRights(list);
        AddLarge(list);
        AddPae(list);
        AddDetails(list);
    }

    private static void AddRights(ScenarioList list)
    {
        foreach (var (access, emit) in Accesses)
        {
            foreach (var (cpl, wp) in new[] { (0, false), (0, true), (3, false) })
            {
                for (var pde = 0u; pde < 8; pde++)
                {
                    for (var pte = 0u; pte < 8; pte++)
                    {
                        list.AddCell($"32-bit paging, {access} cpl{cpl} {(wp ? "WP" : "-")}, directory and table entry", $"{pde}{pte}", s => Start(s, cpl, 0x10, wp, emit)
                            .Words(Directory + 4, Table | pde).Words(Table, Layout.Data | pte).Show("table entry", Table));
                    }
                }
            }
        }
    }

    private static void AddLarge(ScenarioList list)
    {
        foreach (var (access, emit) in Accesses)
        {
            foreach (var (cpl, wp) in new[] { (0, false), (0, true), (3, false) })
            {
                for (var pde = 0u; pde < 8; pde++)
                {
                    list.AddCell($"4 MB page, {access} cpl{cpl} {(wp ? "WP" : "-")}", $"{pde}", s => Start(s, cpl, 0x10, wp, emit).Words(Directory + 4, 0x80 | pde).Show("directory entry", Directory + 4));
                }
            }
        }

        list.Add("4 MB page with a reserved bit", s => Start(s, 0, 0x10, false, Accesses[0].Emit).Words(Directory + 4, 0x00200083));
    }

    private static void AddPae(ScenarioList list)
    {
        foreach (var (access, emit) in new (string, Action<Assembler>)[] { Accesses[0], Accesses[1], ("fetch", c => c.JumpTo(Page)) })
        {
            foreach (var nx in new[] { false, true })
            {
                foreach (var (cpl, name, pde, pte) in Entries())
                {
                    list.AddCell($"PAE {access}, {(nx ? "NXE" : "-")} cpl{cpl}", name, s => Pae(s, cpl, nx, emit).Quads(PaeDirectory + 16, pde).Quads(PaeTable, pte)
                        .Show("table entry", PaeTable, 2).Words(Layout.Data, 0x0B0F0B0F).Words(0, 0x0B0F0B0F));
                }
            }
        }

        list.AddOwn("PAE with a reserved bit in a pointer", s => s.Clear(Layout.PageTables, 0x3000).Quads(PaePointers, PaeDirectory | 3).Code(c =>
        {
            c.mov(eax, 0x20);
            c.mov(cr4, eax);
            c.mov(eax, PaePointers);
            c.mov(cr3, eax);
            c.mov(eax, 0x80000011);
            s.Try(c, _ => c.mov(cr0, eax));
        }));
        list.Add("PAE, pointer not present", s => Pae(s, 0, false, c => c.mov(eax, __dword_ptr[0x40000000])));
    }

    private static IEnumerable<(int Cpl, string Name, ulong Pde, ulong Pte)> Entries()
    {
        const ulong nx = 1UL << 63;
        foreach (var cpl in new[] { 0, 3 })
        {
            yield return (cpl, "plain", PaeTable | 7, Layout.Data | 7);
            yield return (cpl, "absent-pde", PaeTable | 6, Layout.Data | 7);
            yield return (cpl, "absent-pte", PaeTable | 7, Layout.Data | 6);
            yield return (cpl, "supervisor", PaeTable | 7, Layout.Data | 3);
            yield return (cpl, "read-only", PaeTable | 5, Layout.Data | 7);
            yield return (cpl, "nx-pte", PaeTable | 7, Layout.Data | 7 | nx);
            yield return (cpl, "nx-pde", PaeTable | 7 | nx, Layout.Data | 7);
            yield return (cpl, "bit-40", PaeTable | 7, Layout.Data | 7 | (1UL << 40));
            yield return (cpl, "large", 0x87, 0);
            yield return (cpl, "large-nx", 0x87 | nx, 0);
            yield return (cpl, "large-reserved", 0x2087, 0);
            yield return (cpl, "nx-absent", PaeTable | 7, nx);
        }
    }

    private static void AddDetails(ScenarioList list)
    {
        foreach (var (access, emit) in Accesses)
        {
            list.Add($"accessed and dirty bits after a {access}", s => Start(s, 0, 0x10, false, emit).Words(Directory + 4, Table | 3).Words(Table, Layout.Data | 3)
                .Show("directory entry", Directory + 4).Show("table entry", Table));
            list.Add($"accessed and dirty bits after a {access}, PAE", s => Pae(s, 0, false, emit).Quads(PaeDirectory + 16, PaeTable | 3).Quads(PaeTable, Layout.Data | 3)
                .Show("directory entry", PaeDirectory + 16, 2).Show("table entry", PaeTable, 2));
        }

        list.Add("invlpg drops a translation", s => Start(s, 0, 0x10, false, c =>
        {
            c.mov(eax, __dword_ptr[Page]);
            c.mov(__dword_ptr[Table], (Layout.Data + 0x1000) | 3);
            c.invlpg(__byte_ptr[Page]);
            c.mov(ebx, __dword_ptr[Page]);
        }).Words(Directory + 4, Table | 3).Words(Table, Layout.Data | 3).Words(Layout.Data, 1).Words(Layout.Data + 0x1000, 2));
        list.Add("mov cr3 drops translations", s => Start(s, 0, 0x10, false, c =>
        {
            c.mov(eax, __dword_ptr[Page]);
            c.mov(__dword_ptr[Table], 0);
            c.mov(ecx, cr3);
            c.mov(cr3, ecx);
            c.mov(ebx, __dword_ptr[Page]);
        }).Words(Directory + 4, Table | 3).Words(Table, Layout.Data | 3));
        list.Add("changing CR4.PGE drops global translations", s => Start(s, 0, 0x90, false, c =>
        {
            c.mov(eax, __dword_ptr[Page]);
            c.mov(__dword_ptr[Table], 0);
            c.mov(ecx, 0x10);
            c.mov(cr4, ecx);
            c.mov(ebx, __dword_ptr[Page]);
        }).Words(Directory + 4, Table | 3).Words(Table, Layout.Data | 0x103));
        list.Add("write across a page that is absent does nothing", s => Start(s, 0, 0x10, false, c => c.mov(__dword_ptr[Page + 0xFFE], eax))
            .Words(Directory + 4, Table | 3).Words(Table, Layout.Data | 3, 0).Show("memory", Layout.Data + 0xFFC).Words(Layout.Data + 0xFFC, 0));
        list.Add("read-modify-write of a read-only page is a write fault", s => Start(s, 3, 0x10, false, c => c.add(__dword_ptr[Page], eax)).Words(Directory + 4, Table | 7).Words(Table, Layout.Data | 5));
        list.Add("rep movsd stops at an absent page", s => Start(s, 0, 0x10, false, c =>
        {
            c.mov(esi, Layout.Code32);
            c.mov(edi, Page + 0xFF0);
            c.mov(ecx, 8);
            c.rep.movsd();
        }).Words(Directory + 4, Table | 3).Words(Table, Layout.Data | 3, 0));
        list.Add("fetch across into an absent page", s => Start(s, 0, 0x10, false, c => c.JumpTo(Page + 0xFFE)).Words(Directory + 4, Table | 3).Words(Table, Layout.Data | 3, 0).Write(Layout.Data + 0xFFE, 0xB8, 1));
        list.Add("push to an absent page from level 3", s => Start(s, 3, 0x10, false, c =>
        {
            c.mov(esp, Page + 4);
            c.push(1);
            c.push(2);
        }).Words(Directory + 4, Table | 7).Words(Table, Layout.Data | 7));
        list.Add("smsw and lmsw keep PE and PG", s => Start(s, 0, 0x10, false, c =>
        {
            c.xor(eax, eax);
            c.lmsw(ax);
            c.smsw(ebx);
        }));
        foreach (var bit in new[] { 12, 14, 31 })
        {
            list.AddCell("mov cr4, reserved bit", $"{bit}", s => s.Code(c =>
            {
                c.mov(eax, 1u << bit);
                s.Try(c, _ => c.mov(cr4, eax));
            }), ownOnly: true);
        }
    }

    private static Scenario Start(Scenario s, int cpl, uint cr4Value, bool wp, Action<Assembler> emit) => s.Clear(Layout.PageTables, 0x3000).Words(Directory, 0x87).Code(c =>
    {
        c.mov(eax, cr4Value);
        c.mov(cr4, eax);
        c.mov(eax, Directory);
        c.mov(cr3, eax);
        c.mov(eax, wp ? 0x80010011 : 0x80000011);
        c.mov(cr0, eax);
        if (cpl == 3)
            Scenario.UserEntry(c);
        s.Mark(c, "bad");
        emit(c);
        s.End(c);
    }).Code(c =>
    {
        s.Mark(c, "bad");
        emit(c);
        s.End(c);
    }, Layout.User32);

    private static Scenario Pae(Scenario s, int cpl, bool nx, Action<Assembler> emit) => s.Clear(Layout.PageTables, 0x3000).Quads(PaePointers, PaeDirectory | 1).Quads(PaeDirectory, 0x87).Code(c =>
    {
        c.mov(ecx, 0xC0000080);
        c.mov(eax, nx ? 0x800 : 0);
        c.xor(edx, edx);
        c.wrmsr();
        c.mov(eax, 0x20);
        c.mov(cr4, eax);
        c.mov(eax, PaePointers);
        c.mov(cr3, eax);
        c.mov(eax, 0x80000011);
        c.mov(cr0, eax);
        if (cpl == 3)
            Scenario.UserEntry(c);
        s.Mark(c, "bad");
        emit(c);
        s.End(c);
    }).Code(c =>
    {
        s.Mark(c, "bad");
        emit(c);
        s.End(c);
    }, Layout.User32);
}
