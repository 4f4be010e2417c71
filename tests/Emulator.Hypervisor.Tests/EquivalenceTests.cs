using System.Diagnostics;
using Emulator.Machines;
using Emulator.RiscV;
using Emulator.Runtime;
using Emulator.Testing;
using Emulator.Tour;
using Emulator.X86;

namespace Emulator.Hypervisor.Tests;

/// <summary>The same guest leaves the same on the bare machine and under the monitor: console, screen, registers, memory, and the number of instructions.</summary>
public sealed class EquivalenceTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string SeaBios = "/usr/share/seabios/bios-256k.bin";
    private const string OpenSbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.elf";
    private const string UBoot = "/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf";
    private const long Patience = 500_000_000;

    public static TheoryData<CriticalPolicy> Policies => new(CriticalPolicy.Patch, CriticalPolicy.Intercept);

    public static TheoryData<string, CriticalPolicy> Programs
    {
        get
        {
            var data = new TheoryData<string, CriticalPolicy>();
            foreach (string program in GuestPrograms.Programs)
            {
                data.Add(program, CriticalPolicy.Patch);
                data.Add(program, CriticalPolicy.Intercept);
            }

            return data;
        }
    }

    private static ImageFile Image(string path) => new(Path.GetFileName(path), File.ReadAllBytes(path));

    [Theory]
    [MemberData(nameof(Policies))]
    public void TheTour(CriticalPolicy policy) => Pc(b => b.Kernel = new ImageFile("tour", TourImage.Build().Bytes), Patience, policy);

    [Theory]
    [MemberData(nameof(Policies))]
    public void SeaBiosBoots(CriticalPolicy policy)
    {
        if (!Has(SeaBios))
            return;
        Pc(b => b.Firmware = Image(SeaBios), 10_000_000, policy);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void CPrograms(string program, CriticalPolicy policy)
    {
        if (GuestPrograms.Folder is null)
        {
            Skip(GuestPrograms.Reason);
            return;
        }

        Pc(b => b.Kernel = Image(GuestPrograms.PathOf(program + ".elf")), Patience, policy);
    }

    /// <summary>A guest that is a hypervisor: its VMX instructions exit to the monitor, and its own guests are interpreted.</summary>
    [Theory]
    [MemberData(nameof(Policies))]
    public void AGuestHypervisor(CriticalPolicy policy)
    {
        if (GuestPrograms.Folder is null)
        {
            Skip(GuestPrograms.Reason);
            return;
        }

        Pc(b => b.Kernel = Image(GuestPrograms.PathOf("vmx.elf")), Patience, policy);
    }

    [Fact]
    public void OpenSbiAndUBoot()
    {
        if (!Has(OpenSbi) || !Has(UBoot))
            return;
        Virt(b => (b.Bios, b.Kernel) = (Image(OpenSbi), Image(UBoot)), 60_000_000);
    }

    /// <summary>Our kernel on OpenSBI: Sv39, two processes, preemption, a virtio disk.</summary>
    [Fact]
    public void OurRiscVKernel()
    {
        if (!Has(OpenSbi))
            return;
        if (RiscvGuests.Folder is null)
        {
            Skip(RiscvGuests.Reason);
            return;
        }

        var disk = new byte[1 << 20];
        Virt(b => (b.Bios, b.Kernel, b.Disk) = (Image(OpenSbi), Image(RiscvGuests.PathOf("kernel.elf")), new ImageFile("disk", disk)), 100_000_000);
    }

    /// <summary>The same in two harts: each has a monitor.</summary>
    [Fact]
    public void TwoHarts()
    {
        if (!Has(OpenSbi) || !Has(UBoot))
            return;
        void Describe(VirtBuilder b) => (b.Bios, b.Kernel, b.Harts) = (Image(OpenSbi), Image(UBoot), 2);
        using Hosted bare = new((Action<VirtBuilder>)Describe, null), hosted = new((Action<VirtBuilder>)Describe, CriticalPolicy.Patch);
        Assert.Equal(bare.Run(20_000_000), hosted.Run(20_000_000));
        Assert.Equal(bare.Written, hosted.Written);
        Assert.Equal(bare.HashState(), hosted.HashState());
        Assert.Equal(2, hosted.Statistics.Count(s => s.Direct > 0 && s.Exits > 0 && s.Violations == 0));
    }

    /// <summary>Recursion (Theorem 2): monitors in virtual machines of monitors, to a depth of four.</summary>
    [Fact]
    public void NestedMonitors()
    {
        if (!Has(OpenSbi) || !Has(UBoot))
            return;
        const long Budget = 8_000_000;
        void Describe(VirtBuilder b) => (b.Bios, b.Kernel) = (Image(OpenSbi), Image(UBoot));
        using var bare = new Hosted(Describe, null);
        var clock = Stopwatch.StartNew();
        object expected = bare.Run(Budget);
        TimeSpan bareTime = clock.Elapsed;
        for (int depth = 1; depth <= 4; depth++)
        {
            using var hosted = new Hosted(Describe, CriticalPolicy.Trust, depth);
            clock.Restart();
            object actual = hosted.Run(Budget);
            var statistics = hosted.Statistics.ToList();
            output.WriteLine($"depth {depth}: {clock.Elapsed / bareTime:F2} times the bare machine's time; exits at each level {string.Join(", ", statistics.Select(s => s.Exits))}; {statistics[^1].Direct} of {Budget} direct at the bottom");
            Assert.Equal(expected, actual);
            Assert.Equal(bare.Written, hosted.Written);
            Assert.Equal(bare.HashState(), hosted.HashState());
            Assert.Equal(depth, statistics.Count);
            Assert.All(statistics, s => Assert.True(s.Violations == 0 && s.Exits > 0));
            Assert.True(statistics[^1].Direct > Budget * 9 / 10);
        }
    }

    /// <summary>The same on x86, which needs patching, with shadow page tables and with a virtual TLB next to the guest.</summary>
    [Theory]
    [InlineData(PagingPolicy.Tlb)]
    [InlineData(PagingPolicy.Shadow)]
    public void NestedMonitorsOfX86(PagingPolicy paging)
    {
        void Describe(PcBuilder b) => b.Kernel = new ImageFile("tour", TourImage.Build().Bytes);
        using var bare = new Hosted((Action<PcBuilder>)Describe, null);
        object expected = bare.Run(Patience);
        for (int depth = 2; depth <= 3; depth++)
        {
            using var hosted = new Hosted((Action<PcBuilder>)Describe, CriticalPolicy.Patch, depth, paging);
            Assert.Equal(expected, hosted.Run(Patience));
            Assert.Equal(bare.Written, hosted.Written);
            Assert.Equal(bare.HashState(), hosted.HashState());
            Assert.Null(hosted.ShadowProblem);
            Assert.All(hosted.Statistics, s => Assert.True(s.Violations == 0 && s.Exits > 0));
            output.WriteLine($"depth {depth}: exits at each level {string.Join(", ", hosted.Statistics.Select(s => s.Exits))}");
        }
    }

    private bool Has(string path)
    {
        if (File.Exists(path))
            return true;
        Skip($"{path} is not installed");
        return false;
    }

    private void Skip(string? reason)
    {
        Assert.False(Repository.IsCi, reason);
        output.WriteLine("skipped: " + reason);
    }

    private void Pc(Action<PcBuilder> describe, long budget, CriticalPolicy policy)
    {
        foreach (PagingPolicy paging in policy == CriticalPolicy.Intercept ? [PagingPolicy.Tlb] : Enum.GetValues<PagingPolicy>())
            Same(p => new Hosted(describe, p, paging: paging), budget, policy, X86Metadata.Instance);
    }

    private void Virt(Action<VirtBuilder> describe, long budget) => Same(p => new Hosted(describe, p), budget, CriticalPolicy.Patch, Rv64Metadata.Instance);

    private void Same(Func<CriticalPolicy?, Hosted> create, long budget, CriticalPolicy policy, IsaMetadata isa)
    {
        using Hosted bare = create(null), hosted = create(policy);
        var (bareTime, hostedTime) = (Stopwatch.StartNew(), new Stopwatch());
        object expected = bare.Run(budget);
        bareTime.Stop();
        hostedTime.Start();
        object actual = hosted.Run(budget);
        hostedTime.Stop();
        MonitorStatistics statistics = hosted.Statistics.Single();
        output.WriteLine($"{hosted.Instructions} instructions: {statistics.Direct} direct, {statistics.Interpreted} interpreted, {statistics.Exits} exits ({statistics.ExitsPerThousand:F2} a thousand); {hostedTime.Elapsed / bareTime.Elapsed:F2} times the bare machine's time");
        if (statistics.Shadows is { } shadows)
            output.WriteLine(shadows.ToString());
        foreach (var (why, count) in statistics.Reasons)
            output.WriteLine($"{count,10} {why}");
        foreach (var (form, count) in statistics.ByForm(isa).Take(8))
            output.WriteLine($"{count,10} {form.Instruction} {form.Encoding}");
        Assert.Equal(bare.Written, hosted.Written);
        Assert.Equal(expected, actual);
        Assert.Equal(bare.Instructions, hosted.Instructions);
        Assert.Equal(bare.HashState(), hosted.HashState());
        Assert.Equal(0, statistics.Violations);
        Assert.Null(hosted.ShadowProblem);
        Assert.True(bare.Written.Length > 0 && statistics.Exits > 0);
    }
}
