using Emulator.Testing;

namespace Emulator.RiscV.Tests.Floats;

/// <summary>When floating point is on, what makes its state dirty, which rounding modes exist (privileged manual, 3.1.6.6; unprivileged manual, 21.2).</summary>
public sealed class FloatStateTests
{
    private const ulong Handler = TestMachine.Start + 0x100;
    private const int Illegal = 2;

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void WhereItIsOffEveryInstructionIsIllegal(int xlen)
    {
        foreach ((string name, uint word, _, _, _) in FloatInstructions.All(xlen))
        {
            bool compressed = (word & 3) != 3;
            foreach (ulong mode in (ulong[])[0, 1, 3])
            {
                ITestCpu cpu = Execute(xlen, BitConverter.GetBytes(word), fs: 0, mode);
                Assert.True(TestMachine.Get(cpu, "mcause") == Illegal, $"{name} in mode {mode} does not raise");
                Assert.Equal(compressed ? word & 0xFFFF : word, TestMachine.Get(cpu, "mtval"));
                Assert.Equal(0ul, TestMachine.Get(cpu, "mstatus.FS"));
            }
        }
    }

    [Theory]
    [InlineData("csrrs a0, fflags, zero")]
    [InlineData("csrrwi a0, frm, 0")]
    [InlineData("csrrci zero, fcsr, 0")]
    public void WhereItIsOffItsRegistersAreAbsent(string text)
    {
        Assert.Equal((ulong)Illegal, TestMachine.Get(Execute(64, TestMachine.Assemble(64, text), fs: 0, mode: 3), "mcause"));
        Assert.Equal((ulong)Illegal, TestMachine.Get(Execute(64, TestMachine.Assemble(64, text), fs: 0, mode: 0), "mcause"));
        Assert.Equal(0ul, TestMachine.Get(Execute(64, TestMachine.Assemble(64, text), fs: 1, mode: 0), "mcause"));
    }

    [Theory]
    [InlineData("fadd.s fa0, fa1, fa2", 3)]
    [InlineData("fle.d a0, fa1, fa2", 3)]
    [InlineData("fsgnj.d fa0, fa1, fa2", 3)]
    [InlineData("fmv.w.x fa0, a1", 3)]
    [InlineData("flw fa0, 0(a2)", 3)]
    [InlineData("csrrwi zero, fflags, 1", 3)]
    [InlineData("fsw fa0, 0(a2)", 1)]
    [InlineData("fmv.x.w a0, fa1", 1)]
    [InlineData("fclass.d a0, fa1", 1)]
    [InlineData("csrrs a0, fcsr, zero", 1)]
    public void WhatChangesTheStateMakesItDirty(string text, int fs)
    {
        foreach (int xlen in (int[])[32, 64])
        {
            ITestCpu cpu = Execute(xlen, TestMachine.Assemble(xlen, text), fs: 1, mode: 3);
            Assert.Equal(0ul, TestMachine.Get(cpu, "mcause"));
            Assert.Equal((ulong)fs, TestMachine.Get(cpu, "mstatus.FS"));
            foreach (string csr in (string[])["mstatus", "sstatus"])
            {
                cpu.WriteMemory(TestMachine.Start + 4, TestMachine.Assemble(xlen, $"csrrs a3, {csr}, zero"));
                TestMachine.Set(cpu, "pc", TestMachine.Start + 4);
                cpu.Step();
                ulong seen = TestMachine.Get(cpu, "x13");
                Assert.Equal((ulong)fs, seen >> 13 & 3);
                Assert.Equal(fs == 3 ? 1ul : 0, seen >> (xlen - 1));
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void RoundingModesThatDoNotExistAreIllegal(int mode)
    {
        byte[] dynamic = TestMachine.Assemble(64, "fadd.d fa0, fa1, fa2"), exact = TestMachine.Assemble(64, "fmin.d fa0, fa1, fa2");
        ITestCpu cpu = Execute(64, dynamic, fs: 1, mode: 3, frm: mode);
        Assert.Equal((ulong)Illegal, TestMachine.Get(cpu, "mcause"));
        Assert.Equal(1ul, TestMachine.Get(cpu, "mstatus.FS"));
        Assert.Equal(0ul, TestMachine.Get(Execute(64, exact, fs: 1, mode: 3, frm: mode), "mcause"));
        if (mode == 7) return;
        dynamic[1] = (byte)(dynamic[1] & 0x8F | mode << 4);
        cpu = Execute(64, dynamic, fs: 1, mode: 3);
        Assert.Equal((ulong)Illegal, TestMachine.Get(cpu, "mcause"));
        Assert.Equal((ulong)BitConverter.ToUInt32(dynamic), TestMachine.Get(cpu, "mtval"));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void MisaShowsBothExtensions(int xlen) =>
        Assert.Equal(0x28ul, TestMachine.Get(Execute(xlen, TestMachine.Assemble(xlen, "csrrs a0, misa, zero"), fs: 0, mode: 3), "x10") & 0x28);

    /// <summary>One instruction at the start of RAM, with operands of one; a trap ends at the handler in machine mode.</summary>
    private static ITestCpu Execute(int xlen, ReadOnlySpan<byte> code, int fs, ulong mode, int frm = 0)
    {
        ITestCpu cpu = TestMachine.Create(xlen);
        cpu.WriteMemory(TestMachine.Start, code);
        TestMachine.Set(cpu, "mtvec", Handler);
        TestMachine.Set(cpu, "mstatus.FS", (ulong)fs);
        TestMachine.Set(cpu, "frm", (ulong)frm);
        TestMachine.Set(cpu, "f11", 0x3FF0_0000_0000_0000);
        TestMachine.Set(cpu, "f12", 0x3FF0_0000_0000_0000);
        foreach (string pointer in (string[])["x10", "x12"]) TestMachine.Set(cpu, pointer, TestMachine.Start + 0x200);

        // Memory is open to all modes.
        TestMachine.Set(cpu, "pmpcfg0", 0x1F);
        TestMachine.Set(cpu, "pmpaddr0", ulong.MaxValue >> 10);
        TestMachine.Set(cpu, "priv", mode);
        cpu.Step();
        return cpu;
    }
}
