using Emulator.Testing;

namespace Emulator.RiscV.Tests;

/// <summary>Computational instructions on values where something happens, against a model of their own.</summary>
public sealed class ComputationTests
{
    private const int Rounds = 300;

    private static readonly string[] Registers = "add sub sll slt sltu xor srl sra or and mul mulh mulhsu mulhu div divu rem remu sh1add sh2add sh3add andn orn xnor min minu max maxu rol ror bclr bext binv bset".Split(' ');
    private static readonly string[] Words = "addw subw sllw srlw sraw mulw divw divuw remw remuw sh1add.uw sh2add.uw sh3add.uw add.uw rolw rorw".Split(' ');
    private static readonly string[] Immediates = "addi slti sltiu xori ori andi".Split(' ');
    private static readonly string[] Shifts = "slli srli srai rori bclri bexti binvi bseti".Split(' ');
    private static readonly string[] Unary = "clz ctz cpop sext.b sext.h zext.h rev8 orc.b".Split(' ');

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void ResultsAreTheModels(int xlen)
    {
        ITestCpu cpu = TestMachine.Create(xlen);
        var random = new Random(7);
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = Value(random, xlen), b = Value(random, xlen);
            int immediate = random.Next(4096) - 2048, shift = random.Next(xlen);
            ulong extended = unchecked((ulong)immediate) & (ulong.MaxValue >> (64 - xlen));
            foreach (string m in Registers) Check(cpu, xlen, m, $"{m} a0, a1, a2", a, b);
            foreach (string m in Unary) Check(cpu, xlen, m, $"{m} a0, a1", a, b);
            foreach (string m in Immediates) Check(cpu, xlen, m, $"{m} a0, a1, {immediate}", a, extended);
            foreach (string m in Shifts) Check(cpu, xlen, m, $"{m} a0, a1, 0x{shift:x}", a, (ulong)shift);
            if (xlen == 32) continue;
            foreach (string m in Words) Check(cpu, xlen, m, $"{m} a0, a1, a2", a, b);
            foreach (string m in (string[])["clzw", "ctzw", "cpopw"]) Check(cpu, xlen, m, $"{m} a0, a1", a, b);
            foreach (string m in (string[])["slliw", "srliw", "sraiw", "roriw"]) Check(cpu, xlen, m, $"{m} a0, a1, 0x{shift & 31:x}", a, (ulong)(shift & 31));
            Check(cpu, xlen, "addiw", $"addiw a0, a1, {immediate}", a, extended);
            Check(cpu, xlen, "slli.uw", $"slli.uw a0, a1, 0x{shift:x}", a, (ulong)shift);
        }
    }

    private static void Check(ITestCpu cpu, int xlen, string mnemonic, string text, ulong a, ulong b)
    {
        cpu.WriteMemory(TestMachine.Start, TestMachine.Assemble(xlen, text));
        TestMachine.Set(cpu, "pc", TestMachine.Start);
        TestMachine.Set(cpu, "x11", a);
        TestMachine.Set(cpu, "x12", b);
        cpu.Step();
        Assert.True(ComputationModel.Of(mnemonic, a, b, xlen) == TestMachine.Get(cpu, "x10"), $"{text}: 0x{a:x}, 0x{b:x} gives 0x{TestMachine.Get(cpu, "x10"):x}, not 0x{ComputationModel.Of(mnemonic, a, b, xlen):x}");
        Assert.Equal(TestMachine.Start + 4, TestMachine.Get(cpu, "pc"));
    }

    /// <summary>Zero, all ones, the lowest number, small ones of both signs, sign-extended words, anything.</summary>
    private static ulong Value(Random random, int xlen)
    {
        ulong any = (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1);
        ulong value = random.Next(8) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => 1ul << (xlen - 1),
            3 => (ulong)random.Next(64),
            4 => unchecked((ulong)-random.Next(64)),
            5 => unchecked((ulong)(int)any),
            _ => any,
        };
        return value & (ulong.MaxValue >> (64 - xlen));
    }
}
