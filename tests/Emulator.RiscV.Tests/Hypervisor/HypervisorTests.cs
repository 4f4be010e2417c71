using Emulator.Testing;

namespace Emulator.RiscV.Tests.Hypervisor;

/// <summary>A program that checks the hypervisor extension itself: it ends in a loop with 0xAA in a0, or with the number of the check that failed.</summary>
public sealed class HypervisorTests
{
    private const int Passed = 0xAA;

    /// <summary>Registers, virtual instructions, delegation to HS and VS, interrupts, both stages of translation, HLV and HSV, MPRV with MPV.</summary>
    [QemuSystemTheory("246 checks of the hypervisor extension, here and on QEMU")]
    [InlineData(32)]
    [InlineData(64)]
    public void TheProgramPassesHereAndOnQemu(int xlen)
    {
        using var common = new HypervisorProgram(xlen, qemu: true);
        Assert.Equal(0, common.RunOnQemu(xlen));
        Assert.Equal(Passed, RunHere(xlen, common));
        using var whole = new HypervisorProgram(xlen, qemu: false);
        Assert.Equal(Passed, RunHere(xlen, whole));
        TestReport.Write($"hypervisor-rv{xlen}", $"{whole.Checks} checks of the hypervisor extension pass here, and on QEMU but for those the program excepts");
    }

    private static int RunHere(int xlen, HypervisorProgram program)
    {
        ITestCpu cpu = HypervisorMachine.Create(xlen);
        cpu.WriteMemory(TestMachine.Start, program.Image);
        cpu.Run(100_000);
        return (int)TestMachine.Get(cpu, "x10");
    }
}
