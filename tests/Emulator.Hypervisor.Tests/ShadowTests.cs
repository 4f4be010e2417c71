using Emulator.Runtime;
using Emulator.X86;
using static Emulator.Hypervisor.Tests.PagingGuest;

namespace Emulator.Hypervisor.Tests;

/// <summary>Shadow page tables, mechanism by mechanism. Each guest runs on the bare machine as well, and must have seen the same.</summary>
public sealed unsafe class ShadowTests
{
    private const uint Directory = 0x4000, Table = 0x5000, Second = 0x10_0000, Pointers = 0xE000, WideTables = 0xA000;

    [Fact]
    public void AccessedAndDirtyBitsAreTheGuests() => Both(g =>
    {
        g.Identity(Directory, Table, bits: 3);
        g.Page(Directory);
        g.Assemble(Origin, "mov eax, dword [0x200000]", "hlt", "mov dword [0x200000], eax", "hlt", "and dword [0x5800], 0xffffff9f", "invlpg [0x200000]", "mov eax, dword [0x200000]", "hlt", "add dword [0x200000], 1", "hlt");
        var seen = new List<uint>();
        for (int i = 0; i < 4; i++)
        {
            Halts(g);
            seen.Add(g.Get32(Table + 0x800) & 0x60);
            g.State->HALTED = 0;
        }

        Assert.Equal([0x20u, 0x60u, 0x20u, 0x60u], seen);
        Assert.Equal(0x20u, g.Get32(Directory) & 0x20);
    });

    /// <summary>A bit cleared without a flush stays clear while the translation is cached, as on the bare machine.</summary>
    [Fact]
    public void ABitClearedWithoutAFlushStaysClear() => Both(g =>
    {
        g.Identity(Directory, Table, bits: 3);
        g.Page(Directory);
        g.Assemble(Origin, "mov dword [0x200000], eax", "mov ebx, dword [0x200000]", "and dword [0x5800], 0xffffff9f", "mov dword [0x200000], eax", "mov ebx, dword [0x200000]", "hlt");
        Halts(g);
        Assert.Equal(0u, g.Get32(Table + 0x800) & 0x60);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteProtectionOfTheSupervisor(bool wp) => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Put32(Table + 0x800, 0x20_0005);
        g.Page(Directory, wp: wp);
        g.Assemble(Origin, "mov eax, dword [0x200000]", "mov dword [0x200000], 0x77", "hlt");
        g.Assemble(Second, "mov ebx, dword [0x200000]", "mov dword [0x200000], 0x88", "hlt");
        Halts(g);
        Assert.Equal(wp ? 0u : 0x77, g.Get32(0x20_0000));
        Assert.Equal(wp ? 3u : 0, g.Get32(FaultError));

        // Programs may read it, before and after, but never write.
        for (int i = 0; i < 2; i++)
        {
            g.Start(Second, ring: 3);
            Halts(g);
            Assert.Equal((7u, 0x20_0000u), (g.Get32(FaultError), g.Get32(FaultAddress)));
            Assert.Equal(wp ? 0u : 0x77, g.State->GPR[3]);
            g.Start(Origin, ring: 0);
            Halts(g);
        }
    });

    [Fact]
    public void SupervisorPagesAreClosedToPrograms() => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Put32(Table + 0x800, 0x20_0003);
        g.Page(Directory);
        g.Assemble(Origin, "mov dword [0x200000], 0x1234", "hlt");
        g.Assemble(Second, "mov eax, dword [0x200000]", "hlt");
        Halts(g);
        g.Start(Second, ring: 3);
        Halts(g);
        Assert.Equal((5u, 0x20_0000u), (g.Get32(FaultError), g.Get32(FaultAddress)));
    });

    /// <summary>4 MB pages are split, dirty bit and PSE-36 included.</summary>
    [Fact]
    public void LargePages() => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Put32(Directory + 4, 0x0000_0087);
        g.Put32(Directory + 8, 0x0000_2087);
        g.Page(Directory, pse: true);
        g.Put32(High + 0x20_1000, 0xAAAA);
        g.Assemble(Origin, "mov eax, dword [0x600000]", "mov ecx, dword [0xa01000]", "hlt", "mov dword [0xa01000], 0xbbbb", "mov dword [0x600004], 0xcccc", "hlt");
        g.Put32(0x20_0000, 0x5555);
        Halts(g);
        Assert.Equal((0x5555u, 0xAAAAu), (g.Eax, g.State->GPR[1]));
        Assert.Equal((0x20u, 0x20u), (g.Get32(Directory + 4) & 0x60, g.Get32(Directory + 8) & 0x60));
        g.State->HALTED = 0;
        Halts(g);
        Assert.Equal((0xBBBBu, 0xCCCCu), (g.Get32(High + 0x20_1000), g.Get32(0x20_0004)));
        Assert.Equal((0x60u, 0x60u), (g.Get32(Directory + 4) & 0x60, g.Get32(Directory + 8) & 0x60));
    });

    /// <summary>PAE: 2 MB pages, pages above 4 GB, and pages closed to execution while EFER.NXE is set.</summary>
    [Theory]
    [InlineData(true, 0x11u)]
    [InlineData(false, 0x9u)]
    public void PaeAndNoExecute(bool nxe, uint error) => Both(g =>
    {
        g.IdentityPae(Pointers, Directory, WideTables);
        g.Put64(Directory + 16, 0x87 | High);
        g.Put64(WideTables + 0x1000, 0x20_0007 | 1UL << 63);
        g.Put32(High + 0x1000, 0x4321);
        g.Page(Pointers, pae: true, nxe: nxe);
        g.Assemble(0x20_0000, "nop", "hlt");
        g.Assemble(Origin, "mov eax, dword [0x401000]", "mov dword [0x401004], eax", "call 0x200000", "hlt");
        Halts(g);
        Assert.Equal(0x4321u, g.Get32(High + 0x1004));
        Assert.Equal((error, 0x20_0000u), (g.Get32(FaultError), g.Get32(FaultAddress)));
        Assert.Equal(0x60u, g.Get32(Directory + 16) & 0x60);
    });

    /// <summary>A translation that was changed is used until it is flushed, and not any longer; one that was not there is seen at once.</summary>
    [Theory]
    [InlineData("nop", 0x1111)]
    [InlineData("invlpg [0x200000]", 0x2222)]
    [InlineData("mov cr3, edi", 0x2222)]
    [InlineData("mov cr4, esi", 0x2222)]
    public void StaleTranslations(string flush, int expected) => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Put32(0x20_0000, 0x1111);
        g.Put32(0x20_1000, 0x2222);
        g.Put32(Table + 0xC00, 0);
        g.Page(Directory);
        g.Assemble(Origin, $"mov edi, 0x{Directory:x}", "mov esi, 0x80", "mov eax, dword [0x200000]", "mov dword [0x5800], 0x201007", flush, "mov eax, dword [0x200000]", "mov dword [0x5c00], 0x200007", "mov ebx, dword [0x300000]", "hlt");
        Halts(g);
        Assert.Equal((uint)expected, g.Eax);
        Assert.Equal(0x1111u, g.State->GPR[3]);
    });

    /// <summary>Switching between address spaces costs no fault once both are known: shadows are kept.</summary>
    [Fact]
    public void ShadowsOutliveSwitches()
    {
        const uint Other = 0xA000;
        ShadowStatistics[] first = new ShadowStatistics[1];
        Both(g =>
        {
            g.Identity(Directory, Table);
            g.Put32(Other, g.Get32(Directory));
            g.Put32(Directory + 4, 0xB007);
            g.Put32(Other + 4, 0xC007);
            for (uint i = 0; i < 16; i++)
            {
                g.Put32(0xB000 + (4 * i), 0x20_0007 + (i << 12));
                g.Put32(0xC000 + (4 * i), 0x30_0007 + (i << 12));
            }

            g.Page(Directory);
            g.Assemble(Origin, $"mov esi, 0x{Directory:x}", $"mov edi, 0x{Other:x}", "mov eax, 0x400000", "add dword [eax], 1", "add eax, 0x1000", "cmp eax, 0x410000", "jne -13", "xchg esi, edi", "mov cr3, esi", "jmp -25");
            g.Run(2000);
            if (g.HasShadows)
                first[0] = g.Statistics;
            g.Run(20_000);
            Assert.True(g.Get32(0x20_0000) > 100 && g.Get32(0x30_F000) > 100);
        }, g =>
        {
            Assert.Equal(2, g.Statistics.Roots);
            Assert.True(first[0].Faults >= 32);
            Assert.Equal(first[0].Faults, g.Statistics.Faults);
            Assert.True(g.Statistics.Switches > first[0].Switches + 200);
        });
    }

    /// <summary>A page the guest has written as data turns into a table: from then on its writes are seen.</summary>
    [Fact]
    public void APageBecomesATable() => Both(
        g =>
        {
            g.Identity(Directory, Table);
            g.Put32(0x30_0000, 0x3333);
            g.Put32(0x30_1000, 0x4444);
            g.Page(Directory);
            g.Assemble(Origin, "mov dword [0x200000], 0x300007", "mov dword [0x4004], 0x200007", "mov eax, dword [0x400000]", "mov dword [0x200000], 0x301007", "invlpg [0x400000]", "mov ebx, dword [0x400000]", "hlt");
            Halts(g);
            Assert.Equal((0x3333u, 0x4444u), (g.Eax, g.State->GPR[3]));
        },
        g => Assert.True(g.Statistics.TableWrites >= 2));

    /// <summary>Tables the guest writes again and again without using them are let go, and its writes then cost nothing.</summary>
    [Fact]
    public void TablesThatAreOnlyWrittenAreLetGo() => Both(
        g =>
        {
            g.Identity(Directory, Table);
            g.Put32(Directory + 4, 0xB007);
            g.Put32(0xB000, 0x20_0007);
            g.Page(Directory);
            g.Assemble(Origin, "mov eax, dword [0x400000]", "mov ecx, 1000", "mov dword [ecx*4+0xb000], 0x200007", "dec ecx", "jne -12", "hlt");
            Halts(g);
        },
        g =>
        {
            Assert.True(g.Statistics.Releases >= 1);
            Assert.InRange(g.Statistics.TableWrites, 10, 60);
            Assert.True(g.Monitor!.Statistics.Exits < 100);
        });

    /// <summary>A directory that is its own page table: the guest edits its tables through it.</summary>
    [Fact]
    public void RecursiveMapping() => Both(
        g =>
        {
            g.Identity(Directory, Table);
            g.Put32(Directory + 0xFFC, Directory | 7);
            g.Put32(0x30_0000, 0x9999);
            g.Page(Directory);

            // FFC00000h: the table; FFFFF000h: the directory.
            g.Assemble(Origin, "mov esi, dword [0xfffffffc]", "mov dword [0xffc00800], 0x300007", "mov ebx, dword [0x200000]", "mov dword [0xfffff004], 0x5007", "mov ecx, dword [0x600000]", "mov dword [0xfffff004], 0", "invlpg [0x600000]", "mov edx, dword [0x600000]", "hlt");
            Halts(g);
            Assert.Equal((Directory | 7, 0x9999u, 0x9999u), (g.State->GPR[6] & ~0x60u, g.State->GPR[3], g.State->GPR[1]));
            Assert.Equal((0u, 0x60_0000u), (g.Get32(FaultError), g.Get32(FaultAddress)));
        },
        g => Assert.True(g.Statistics.TableWrites >= 3));

    /// <summary>Tables in ROM, where no accessed bit can be set.</summary>
    [Fact]
    public void TablesInRom() => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Put32(Directory + 4, Rom | 7);
        g.Put32(Rom, 0x20_0007);
        g.Put32(Rom + 4, Rom | 7);
        g.Page(Directory);
        g.Assemble(Origin, "mov dword [0x400000], 0x5a5a", "mov eax, dword [0x400000]", "mov dword [0x401000], 0", "mov ebx, dword [0x401000]", "hlt");
        Halts(g);
        Assert.Equal((0x5A5Au, 0x20_0007u), (g.Eax, g.State->GPR[3]));
    });

    /// <summary>Tables a device answers for: nothing below them is entered, and all of it works.</summary>
    [Fact]
    public void TablesInADevice() => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Put32(Directory + 4, Device | 7);
        g.Memory.Write(Device, 4, 0x20_0007);
        g.Put32(0x30_0000, 0x7A7A);
        g.Page(Directory);
        g.Assemble(0x20_0100, "inc edx", "ret");
        g.Assemble(Origin, "mov dword [0x400000], 0x5a5a", "mov eax, dword [0x400000]", "xor edx, edx", "call 0x400100", "mov ebp, edx", "hlt");
        Halts(g);
        Assert.Equal((0x5A5Au, 1u), (g.Eax, g.State->GPR[5]));
        g.Memory.Write(Device, 4, 0x30_0007);
        g.Start(Origin + 10, ring: 0);
        g.Cpu.FlushTranslations();
        g.Run(1);
        Assert.Equal(0x7A7Au, g.Eax);
    });

    /// <summary>A device is never mapped: each access reaches it, and once.</summary>
    [Fact]
    public void DevicesAreNotMapped() => Both(
        g =>
        {
            g.Identity(Directory, Table);
            g.Put32(Directory + 8, 0x7007);
            g.Put32(0x7000 + (4 * 0x100), Device | 7);
            g.Page(Directory);
            g.Assemble(Origin, "mov ecx, 50", "mov dword [0x900010], ecx", "mov eax, dword [0x900010]", "dec ecx", "jne -12", "hlt");
            Halts(g);
            Assert.Equal(1u, g.Eax);
        },
        g => Assert.True(g.Monitor!.Statistics.Exits >= 100));

    /// <summary>Memory is taken away, made read-only, and moved, under translations that are in use.</summary>
    [Fact]
    public void TheMapChanges() => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Page(Directory);
        g.Put32(0x20_0000, 0x1234);
        g.Assemble(Origin, "mov eax, dword [0x200000]", "mov dword [0x200000], 0x4321", "mov ebx, dword [0x200000]", "jmp -21");
        byte* host = g.Memory.Ram[0].Memory.Pointer;
        var seen = new List<(uint, uint)>();
        void Look()
        {
            g.Run(8);
            seen.Add((g.Eax, g.State->GPR[3]));
        }

        Look();
        g.Memory.MapMemory(0x20_0000, 0x1000, host + 0x21_0000, null);
        Look();
        g.Memory.UnmapMemory(0x20_0000, 0x1000);
        Look();
        g.Memory.MapMemory(0x20_0000, 0x1000, host + 0x20_0000, host + 0x20_0000);
        Look();

        // The page table itself is replaced.
        g.Memory.MapMemory(Table, 0x1000, host + 0x31_0000, host + 0x31_0000);
        for (uint i = 0; i < 1024; i++)
            g.Put32(Table + (4 * i), (i << 12) | 7);
        g.Put32(Table + 0x800, 0x20_1007);
        g.Cpu.FlushTranslations();
        Look();
        Assert.Equal([(0x4321u, 0x4321u), (0, 0), (uint.MaxValue, uint.MaxValue), (0x4321, 0x4321), (0x4321, 0x4321)], seen);
        Assert.Equal(0x4321u, g.Get32(0x20_1000));
    });

    /// <summary>The A20 gate: addresses of tables and pages go through it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheA20Gate(bool paging) => Both(g =>
    {
        const uint Gate = 1 << 20;
        g.Identity(Directory, Table);
        g.Identity(Directory | Gate, Table | Gate);
        if (paging)
            g.Page(Directory | Gate);
        g.Put32(0x20_0000, 0x1111);
        g.Put32(0x30_0000, 0x2222);
        g.Assemble(Origin, "mov eax, dword [0x300000]", "add dword [0x300000], 1", "jmp -12");
        g.Run(4);
        Assert.Equal(0x2223u, g.Eax);
        g.Memory.AddressMask = ~(ulong)Gate;
        g.Run(4);
        Assert.Equal(0x1112u, g.Eax);
        g.Memory.AddressMask = ulong.MaxValue;
        g.Run(6);
        Assert.Equal((0x1113u, 0x2225u), (g.Get32(0x20_0000), g.Get32(0x30_0000)));
    });

    /// <summary>A device writes a page table (DMA): that takes effect with the next flush.</summary>
    [Fact]
    public void ADeviceWritesATable() => Both(g =>
    {
        g.Identity(Directory, Table);
        g.Put32(0x20_0000, 0x1111);
        g.Put32(0x30_0000, 0x2222);
        g.Page(Directory);
        g.Assemble(Origin, "mov eax, dword [0x200000]", "hlt", "mov ebx, dword [0x200000]", "mov eax, cr3", "mov cr3, eax", "mov eax, dword [0x200000]", "hlt");
        Halts(g);
        g.Put32(Table + 0x800, 0x30_0007);
        g.State->HALTED = 0;
        Halts(g);
        Assert.Equal((0x2222u, 0x1111u), (g.Eax, g.State->GPR[3]));
    });

    /// <summary>The dirty log tells every page that was written, first writes through a shadow included, and self-modifying code is seen.</summary>
    [Fact]
    public void DirtyLogAndCode() => Both(g =>
    {
        g.Identity(Directory, Table, bits: 0x67);
        g.Page(Directory);
        var written = new List<ulong>();
        g.Memory.PageWritten += written.Add;
        g.Assemble(Origin, "mov ecx, 3", "mov dword [0x200000], ecx", "mov dword [0x5ffc], 0x3ff067", "inc byte [0x010020]", "dec ecx", "jne -23", "hlt");
        g.Assemble(Origin + 0x20, "hlt");
        for (int i = 0; i < 2; i++)
        {
            g.Memory.LogWrites(0, RamSize);
            g.Start(Origin, ring: 0);
            Halts(g);
        }

        Assert.Equal(2, written.Count(p => p == 0x20_0000));
        Assert.Equal(2, written.Count(p => p == Table));
        Assert.Equal(2, written.Count(p => p == Origin));
    });

    /// <summary>There is room for so many tables; what was not walked for longest goes, and comes again.</summary>
    [Fact]
    public void TablesAreGivenUp() => Both(
        g =>
        {
            // 96 tables of the guest's, each for 4 MB at which the same page lies.
            g.Identity(Directory, Table);
            for (uint i = 1; i <= 96; i++)
            {
                g.Put32(Directory + (4 * i), (0x20_0007 + (i << 12)));
                g.Put32(0x20_0000 + (i << 12), 0x30_0007);
            }

            g.Page(Directory);
            g.Assemble(Origin, "mov edx, 4", "mov eax, 0x400000", "add dword [eax], 1", "add eax, 0x400000", "cmp eax, 0x18400000", "jne -13", "dec edx", "jne -21", "hlt");
            Halts(g);
            Assert.Equal(4u * 96, g.Get32(0x30_0000));
        },
        g =>
        {
            Assert.True(g.Statistics.Evictions > 3 * 50);
            Assert.Equal(ShadowTables.FewestFrames, g.Statistics.Pages);
        },
        ShadowTables.FewestFrames);

    /// <summary>Without paging the guest runs on shadows as well, and with every write through them.</summary>
    [Fact]
    public void WithoutPaging() => Both(
        g =>
        {
            g.Assemble(Origin, "mov edi, 0x200000", "mov ecx, 0x4000", "rep stosd", "mov eax, dword [0x80000000]", "mov ebx, dword [0x800000]", "hlt");
            Halts(g);
            Assert.Equal((uint.MaxValue, 0u), (g.Eax, g.State->GPR[3]));
        },
        g => Assert.True(g.Statistics.Fills >= 16 && g.Monitor!.Statistics.Direct > 0x4000));

    /// <summary>A guest that looks for the monitor's memory where it is finds what is there on the bare machine: nothing.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void TheMonitorsMemoryIsNotToBeFound(int how)
    {
        using var spy = new PagingGuest(PagingPolicy.Shadow);
        uint secret = (uint)spy.Shadows.Memory.Start;
        Assert.True(secret > RamSize && !spy.Memory.TryGetHostPage(secret, write: false, out _));
        Both(g =>
        {
            g.Identity(Directory, Table);
            g.IdentityPae(Pointers, 0xA000, 0xB000);
            uint window = 0x40_0000;
            if (how == 0)
            {
                window = secret;
            }
            else if (how == 1)
            {
                g.Put32(Directory + 4, (secret & 0xFFC0_0000) | 0x87);
                window += secret & 0x3F_FFFF;
                g.Page(Directory, pse: true);
            }
            else
            {
                g.Put64(0xA000 + 16, 0xD007);
                for (uint i = 0; i < 64; i++)
                    g.Put64(0xD000 + (8 * i), secret + (i << 12) + 7);
                g.Page(Pointers, pae: true);
            }

            // Reads all of it, writes all ones over it, and lets the tables be walked from there.
            g.Assemble(Origin, $"mov esi, 0x{window:x}", "mov ecx, 0x10000", "mov eax, 0xffffffff", "and eax, dword [esi]", "mov dword [esi], 0xffffffff", "add esi, 4", "dec ecx", "jne -12", $"mov edi, 0x{secret:x}", "mov cr3, edi", "hlt");
            g.Run(400_000);
            Assert.Equal(uint.MaxValue, g.Eax);
        });
    }

    /// <summary>When the guest gets memory where the monitor's is, the monitor moves.</summary>
    [Fact]
    public void TheMonitorMovesAside() => Both(g =>
    {
        g.Assemble(Origin, "add dword [0xffc00000], 1", "jmp -7");
        g.Run(10);
        for (uint at = 0xFE00_0000; at != 0; at += 0x20_0000)
            g.Memory.MapMemory(at, 0x20_0000, g.Memory.Ram[1].Memory.Pointer, g.Memory.Ram[1].Memory.Pointer);
        g.Run(10);
        Assert.Equal(5u, g.Get32(High));
        if (g.HasShadows)
            Assert.InRange(g.Shadows.Memory.Start, RamSize, 0xFE00_0000 - g.Shadows.Memory.Size);
    });

    /// <summary>Runs a guest bare and hosted; both must have seen the same, and the shadows must be sound.</summary>
    private static void Both(Action<PagingGuest> run, Action<PagingGuest>? check = null, int frames = 64)
    {
        using PagingGuest bare = new(null), tlb = new(PagingPolicy.Tlb), shadow = new(PagingPolicy.Shadow, frames);
        foreach (PagingGuest guest in (PagingGuest[])[bare, tlb, shadow])
        {
            run(guest);
            Assert.Equal(bare.Seen(), guest.Seen());
            Assert.Equal(0, guest.Monitor?.Statistics.Violations ?? 0);
        }

        Assert.Null(shadow.Shadows.Tables.Problem());
        Assert.True(shadow.Monitor!.Statistics.Direct > 0);
        check?.Invoke(shadow);
    }

    private static void Halts(PagingGuest g)
    {
        g.Cpu.StateChanged();
        Assert.Equal(RunReason.Idle, g.Run(200_000).Reason);
    }
}
