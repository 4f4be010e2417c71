using System.Numerics;
using Emulator.Testing;

namespace Emulator.RiscV.Custom;

/// <summary>What one file, rv64x.isa, makes: three instructions in decoder, disassembler, assembler and interpreter.</summary>
public sealed class CustomExtensionTests
{
    private const ulong Key = 0x1234_5678_9ABC_DEF0, Value = 0x0123_4567_89AB_CDEF;

    [Theory]
    [InlineData("8BD5C500", "", "")]
    [InlineData("0B85C500", "xmix a0, a1, a2", "")]
    [InlineData("0B850500", "xmix a0, a1, zero", "xturn a0, a1")]
    [InlineData("0B9585FF", "xsum a0, -8(a1)", "")]
    [InlineData("0BA50500", "xkey a0, a1", "")]
    [InlineData("13051500", "addi a0, a0, 1", "")]
    public void Has_texts_and_encodings(string hex, string text, string alias)
    {
        byte[] bytes = Convert.FromHexString(hex);
        int length = Rv64xDisassembler.Disassemble(default, bytes, 0, out string ours);
        Assert.Equal(text, ours);
        Assert.Equal(text.Length > 0 ? 4 : -1, length);
        if (text.Length == 0) return;
        Rv64xDisassembler.DisassembleWithAliases(default, bytes, 0, out ours);
        Assert.Equal(alias.Length > 0 ? alias : text, ours);
        Assert.Equal(bytes, CustomMachine.Assemble(text, 0));
    }

    [Fact]
    public void A_program_uses_all_three_and_user_mode_may_not_use_one()
    {
        const int handler = 0x40, user = 0x80;
        var program = Enumerable.Repeat("addi zero, zero, 0", 64).ToArray();
        string[] machine =
        [
            "auipc t0, 0", $"addi t0, t0, {handler}", "csrrw zero, mtvec, t0",     // traps end at the handler
            "addi t1, zero, -1", "csrrw zero, pmpaddr0, t1", "addi t1, zero, 31", "csrrw zero, pmpcfg0, t1",     // user mode may use all memory
            "xkey a0, s0", "xkey a1, zero", "xkey zero, s1",     // a0: the key of reset; a1: s0; then the key is s1
            "auipc t0, 0", $"addi t0, t0, {user - 40}", "csrrw zero, mepc, t0", "mret",     // MPP is 0 after reset
        ];
        string[] handled = ["csrrs s2, mcause, zero", "csrrs s3, mtval, zero", "csrrs s4, mepc, zero", "xkey a5, zero", "jal zero, 0x80000050"];
        string[] program2 = ["xmix a2, s0, s1", "xsum a3, 8(s5)", "addi a4, zero, 7", "xkey a4, s0", "addi a4, zero, 9"];
        machine.CopyTo(program, 0);
        handled.CopyTo(program, handler / 4);
        program2.CopyTo(program, user / 4);

        using TestCpu<Rv64xIsa> cpu = CustomMachine.Create(program);
        CustomMachine.Set(cpu, "x8", Key);
        CustomMachine.Set(cpu, "x9", Value);
        CustomMachine.Set(cpu, "x21", CustomMachine.Start + 0x1000);
        cpu.WriteMemory(CustomMachine.Start + 0x1008, BitConverter.GetBytes(0x0001_0002_0003_FFFFul));
        cpu.Run(200);

        Assert.Equal(0ul, CustomMachine.Get(cpu, "x10"));
        Assert.Equal(Key, CustomMachine.Get(cpu, "x11"));
        Assert.Equal(BitOperations.RotateLeft(Key ^ Value, 13) + Value, CustomMachine.Get(cpu, "x12"));
        Assert.Equal(0x0001ul + 0x0002 + 0x0003 + 0xFFFF, CustomMachine.Get(cpu, "x13"));

        // In user mode xkey was an illegal instruction: nothing of it happened.
        Assert.Equal(7ul, CustomMachine.Get(cpu, "x14"));
        Assert.Equal(2ul, CustomMachine.Get(cpu, "x18"));
        Assert.Equal(BitConverter.ToUInt32(CustomMachine.Assemble("xkey a4, s0", 0)), CustomMachine.Get(cpu, "x19"));
        Assert.Equal(CustomMachine.Start + user + 12, CustomMachine.Get(cpu, "x20"));
        Assert.Equal(Value, CustomMachine.Get(cpu, "x15"));
        Assert.Equal(CustomMachine.Start + 0x50, CustomMachine.Get(cpu, "pc"));
    }

    [Fact]
    public void Metadata_is_derived()
    {
        Assert.Contains("XKEY", Form("XKEY_SWAP").Writes);
        Assert.DoesNotContain("XKEY", Form("XMIX").Writes);
        Assert.Contains("illegal", Form("XKEY_SWAP").Traps);
        Assert.Empty(Form("XMIX").Traps);
        Assert.Contains("load_access_fault", Form("XSUM").Traps);

        static Runtime.FormInfo Form(string instruction) => Rv64xMetadata.Instance.Forms.Single(f => f.Instruction == instruction);
    }
}
