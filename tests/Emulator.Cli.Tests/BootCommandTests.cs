using Emulator.Cli.Boot;
using Emulator.Hypervisor;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>`emu boot`: options, exit codes, outputs.</summary>
public sealed class BootCommandTests
{
    [Theory]
    [InlineData((int)MachineEnd.GuestExit, 1, 1)]
    [InlineData((int)MachineEnd.GuestExit, 85, 85)]
    [InlineData((int)MachineEnd.Halted, 0, ExitCodes.Success)]
    [InlineData((int)MachineEnd.TripleFault, 0, ExitCodes.TripleFault)]
    public void Ends_give_their_exit_codes(int end, int guestCode, int expected)
    {
        using var folder = new TemporaryFolder();
        var machines = new FakeMachineFactory(10, new SliceResult((MachineEnd)end, guestCode));
        var run = CliRun.Of(machines, "boot", "--bios", folder.Write("rom", 1));
        Assert.Equal(expected, run.ExitCode);
        Assert.True(machines.Machine!.IsDisposed);
    }

    [Fact]
    public void Budget_is_exact()
    {
        using var folder = new TemporaryFolder();
        var machines = new FakeMachineFactory(long.MaxValue, default);
        var run = CliRun.Of(machines, "boot", "--bios", folder.Write("rom", 1), "--max-instructions", "5_000_001");
        Assert.Equal(ExitCodes.BudgetExhausted, run.ExitCode);
        Assert.Equal(5_000_001, machines.Machine!.Instructions);
        Assert.Contains("5000001", run.Error);
    }

    [Fact]
    public void Consoles_go_to_their_files()
    {
        using var folder = new TemporaryFolder();
        var machines = new FakeMachineFactory(1, new SliceResult(MachineEnd.GuestExit, 1));
        CliRun.Of(machines, "boot", "--bios", folder.Write("rom", 1), "--debugcon", folder["d"], "--serial", folder["s"]);
        Assert.Equal("d", File.ReadAllText(folder["d"]));
        Assert.Equal("s", File.ReadAllText(folder["s"]));
    }

    [Fact]
    public void Options_reach_the_machine()
    {
        using var folder = new TemporaryFolder();
        var machines = new FakeMachineFactory(1, new SliceResult(MachineEnd.GuestExit, 1));
        var run = CliRun.Of(
            machines, "boot", "--kernel", folder.Write("kernel", 1, 2), "--append", "a b", "--memory", "16M",
            "--initrd", folder.Write("m1", 3), "--initrd", folder.Write("m2", 4) + " quiet", "--wall-clock");
        Assert.Equal(1, run.ExitCode);
        var request = machines.Request!;
        Assert.Equal([1, 2], request.Kernel!.Bytes);
        Assert.Equal("a b", request.Append);
        Assert.Equal(16 << 20, request.Memory);
        Assert.Equal(["", "quiet"], request.Modules.Select(module => module.CommandLine));
        Assert.True(request.WallClock);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(CriticalPolicy.Patch, "--monitor", "trap")]
    [InlineData(CriticalPolicy.Trust, "--monitor", "trap", "--critical", "trust")]
    [InlineData(CriticalPolicy.Intercept, "--monitor", "trap", "--critical", "intercept")]
    [InlineData(CriticalPolicy.Intercept, "--monitor", "vmx")]
    [InlineData(CriticalPolicy.Intercept, "--monitor", "vmx", "--critical", "intercept")]
    public void Monitors_are_chosen(CriticalPolicy? expected, params string[] options)
    {
        var machines = new FakeMachineFactory(1, new SliceResult(MachineEnd.GuestExit, 1));
        CliRun.Of(machines, ["boot", .. options]);
        Assert.Equal(expected, machines.Request!.Monitor);
    }

    [Fact]
    public void Screen_and_statistics_are_printed_at_the_end()
    {
        using var folder = new TemporaryFolder();
        var machines = new FakeMachineFactory(1, new SliceResult(MachineEnd.GuestExit, 1));
        var run = CliRun.Of(machines, "boot", "--bios", folder.Write("rom", 1), "--print-screen", "--stats");
        Assert.Equal("H\n i\n", run.Output);
        Assert.Contains("instructions", run.Error);
        Assert.Contains("blocks", run.Error);
    }

    [Theory]
    [InlineData("--memory", "1K")]
    [InlineData("--memory", "lots")]
    [InlineData("--max-instructions", "-1")]
    [InlineData("--append", "x")]
    [InlineData("--screen", "--debugcon=-")]
    [InlineData("--paging", "shadow")]
    [InlineData("--machine", "virt", "--kernel", "x", "--monitor", "trap", "--paging", "shadow")]
    [InlineData("--unknown", "x")]
    [InlineData("--critical", "trust")]
    [InlineData("--monitor", "vmx", "--critical", "patch")]
    [InlineData("--monitor", "vmx", "--depth", "2")]
    [InlineData("--monitor", "vmx", "--machine", "virt", "--kernel", "x")]
    [InlineData("--monitor", "vmx", "--engine", "step")]
    public void Wrong_usage_is_told(params string[] options)
    {
        var run = CliRun.Of(["boot", .. options]);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [Fact]
    public void Missing_and_empty_files_are_told_by_name()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in (string[])[folder["missing"], folder.Write("empty"), folder.FullName])
        {
            var run = CliRun.Of("boot", "--bios", path);
            Assert.Equal(ExitCodes.BadImage, run.ExitCode);
            Assert.StartsWith($"emu: {path}: ", run.Error);
        }
    }
}
