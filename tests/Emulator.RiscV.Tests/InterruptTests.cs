using Emulator.Testing;

namespace Emulator.RiscV.Tests;

/// <summary>Interrupts that a machine raises.</summary>
public sealed class InterruptTests
{
    private const ulong Handler = TestMachine.Start + 0x100;

    [Theory]
    [InlineData(32, "mtip", 7)]
    [InlineData(64, "mtip", 7)]
    [InlineData(64, "msip", 3)]
    [InlineData(64, "meip", 11)]
    [InlineData(64, "seip_line", 9)]
    public void WaitingEndsWithTheInterrupt(int xlen, string line, int cause)
    {
        ITestCpu cpu = TestMachine.Create(xlen);
        string[] program = ["csrrw zero, mtvec, a0", "csrrw zero, mie, a1", "csrrsi zero, mstatus, 8", "wfi", "addi a2, a2, 1"];
        for (int i = 0; i < program.Length; i++) cpu.WriteMemory(TestMachine.Start + (ulong)(4 * i), TestMachine.Assemble(xlen, program[i]));
        cpu.WriteMemory(Handler, TestMachine.Assemble(xlen, "addi a3, a3, 1"));
        TestMachine.Set(cpu, "x10", Handler);
        TestMachine.Set(cpu, "x11", 1ul << cause);
        cpu.Run(50);
        Assert.Equal(4, cpu.InstructionCount);
        Assert.Equal(TestMachine.Start + 16, TestMachine.Get(cpu, "pc"));

        TestMachine.Set(cpu, line, 1);
        cpu.Run(1);
        Assert.Equal(Handler + 4, TestMachine.Get(cpu, "pc"));
        Assert.Equal(1ul, TestMachine.Get(cpu, "x13"));
        Assert.Equal(0ul, TestMachine.Get(cpu, "x12"));
        Assert.Equal(TestMachine.Start + 16, TestMachine.Get(cpu, "mepc"));
        Assert.Equal(1ul << (xlen - 1) | (uint)cause, TestMachine.Get(cpu, "mcause"));
    }

    [Fact]
    public void WithoutTheGlobalBitWaitingEndsAndNothingIsTaken()
    {
        ITestCpu cpu = TestMachine.Create(64);
        cpu.WriteMemory(TestMachine.Start, TestMachine.Assemble(64, "csrrw zero, mie, a1"));
        cpu.WriteMemory(TestMachine.Start + 4, TestMachine.Assemble(64, "wfi"));
        cpu.WriteMemory(TestMachine.Start + 8, TestMachine.Assemble(64, "addi a2, a2, 1"));
        TestMachine.Set(cpu, "x11", 1ul << 7);
        cpu.Run(50);
        Assert.Equal(2, cpu.InstructionCount);
        TestMachine.Set(cpu, "mtip", 1);
        cpu.Run(1);
        Assert.Equal(1ul, TestMachine.Get(cpu, "x12"));
        Assert.Equal(TestMachine.Start + 12, TestMachine.Get(cpu, "pc"));
    }
}
