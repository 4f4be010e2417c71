using System.Text;

namespace Emulator.Conformance.Guests;

/// <summary>C programs as multiboot kernels print what they print natively.</summary>
public sealed class GuestProgramTests(ITestOutputHelper output)
{
    private const long Budget = 20_000_000_000;

    public static TheoryData<string> Everything => new(GuestPrograms.Programs.Concat(GuestPrograms.Kernels));

    public static TheoryData<string> Programs => new(GuestPrograms.Programs);

    /// <summary>Output and exit code are those of the native run, byte for byte.</summary>
    [Theory]
    [MemberData(nameof(Everything))]
    public void Output_equals_the_native_run(string program)
    {
        if (!CanBuild())
            return;
        (string native, int exit) = GuestPrograms.RunNative(program);
        using var machine = new GuestMachine(GuestPrograms.PathOf(program + ".elf"));
        var text = new StringBuilder();
        machine.Written += c => text.Append(c);
        string end = machine.Run(Budget);
        output.WriteLine($"{machine.Instructions} instructions, {end}");
        Assert.Equal(native, text.ToString());
        Assert.Equal($"exit {exit}", end);
    }

    /// <summary>One instruction at a time, however the budget is cut, a program takes the same number of instructions to the same state.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void Cutting_the_budget_changes_nothing(string program)
    {
        if (!CanBuild())
            return;
        using var whole = new GuestMachine(GuestPrograms.PathOf(program + ".elf"));
        using var cut = new GuestMachine(GuestPrograms.PathOf(program + ".elf"));
        whole.Run(Budget);
        for (long slice = 1; cut.ExitCode < 0; slice = slice * 7 % 1021)
            cut.Run(slice);
        Assert.Equal(whole.ExitCode, cut.ExitCode);
        Assert.Equal(whole.Instructions, cut.Instructions);
        foreach (string register in X86Recording.Registers.Append("eip"))
            Assert.Equal(whole.Cpu.Get(register), cut.Cpu.Get(register));
    }

    private bool CanBuild()
    {
        if (GuestPrograms.Folder is not null)
            return true;
        Assert.False(Repository.IsCi, GuestPrograms.Reason);
        output.WriteLine("skipped: " + GuestPrograms.Reason);
        return false;
    }
}
