namespace Emulator.Isa.Text.Tests;

/// <summary>Texts of a byte encoding: prefixes, a slash field, relative jumps, immediates of several kinds, conditional texts.</summary>
public sealed class ByteTextTests
{
    private const string Spec = """
        chapter "Toy";
        state R[4] : u16 names R0 R1 R2 R3 { view<16>[i] = self[i] names r0 r1 r2 r3; view<8>[i] = self[i].[7:0] names b0 b1 b2 b3; }
        state F : u8 reset 0 { C@0 Z@1; }
        group flags = F.{C Z} deferred;
        state PC : u16 pc;
        state WIDE : bool;
        memory ram : u16 little bus;
        trap BAD = 6 fault undefined;
        function code_address(pc: u16) : u16 { return pc; }
        function set_both<w>(r: u<w>) : (c: bool, z: bool) { return (r.[0], r == 0); }
        function set_zero<w>(r: u<w>, c: bool) : (c: bool, z: bool) { return (c, r == 0); }
        table swap : u8[4] = { 3, 2, 1, 0 };
        function mirror(x: u2) : u2 { let y = swap[x]; return trunc<2>(y); }
        undefined odd() : bool = false "the manual leaves it open";
        table conditions : string[4] = { "c", "nc", "z", "nz" };
        decode bytes max 6 else BAD() fetch ram by code_address {
          axis size : {8, 16} = WIDE ? 16 : 8;
          var bank : u2 = 0;
          var again : bool = false;
          var off : u16 = 0;
          var base : ref<16> = none;
          var based : bool = false;
          prefix A1 { bank = 1; }
          prefix A2 { bank = 2; }
          prefix A3 { again = true; }
          prefix A4 { size = default(size) == 8 ? 16 : 8; }
          field m : u8 slash op { kind@7:6 op@5:3 reg@2:0 }
          field x : u8 { scale@7:6 base@1:0 }
          field r : u2 plus;
          field cc : u2 plus axis;
          procedure address {
            if m.kind == 2 { off = next<16>; } else { off = sext<16>(next<8>); }
            based = m.reg != 7;
            if m.reg == 6 { fetch x; base = R.view<16>[mirror(x.base)]; off = off << x.scale; }
            else if m.reg != 7 { base = R.view<16>[m.reg.[1:0]]; }
          }
          operand E<w> {
            when m.kind == 3: R.view<w>[m.reg.[1:0]];
            after address: ram<w>[base + off] text memtext<w>;
          }
          operand G<w> = R.view<w>[m.op.[1:0]];
          operand Z<w> = R.view<w>[r];
          operand I<w> = next<w>;
          operand S<w> = sext<w>(next<8>);
          operand J = insn.next + sext<16>(next<8>);
          text memtext<w> = "{sizename<w>}[{banktext}{basetext}]";
          text sizename<w> = w == 8 ? "byte " : "";
          text banktext = bank == 0 ? "" : "bank{bank:d}:";
          text basetext = based ? (off == 0 ? "{base}" : "{base}{off:+x}") : "{off}";
          text again_s = again ? "s" : "";
          text cond = conditions[cc];
          text likely = bank == 1 ? ".likely" : "";
        }
        instruction MOV innocuous {
          form 10 /r (a: E<size>, b: G<size>);
          form 11 /r (a: G<size>, b: E<size>);
          do { let v = b; a = v; flags = set_both(v); }
        }
        instruction SET innocuous {
          form 20+r (a: Z<16>, b: I<16>);
          form 24+r (a: Z<16>, b: S<16>);
          do { a = b; flags = set_zero(b, C); }
        }
        instruction TEST sensitive "because" {
          form 12 /1 (a: E<8>) asm "test{again_s} {a}";
          require WIDE else BAD();
          do { let v = a; if odd() { raise BAD(); } }
        }
        instruction SWAP innocuous {
          form 13 /r (a: E<16>, b: G<16>);
          do { let v = a; a = b; b = v; }
        }
        instruction SWAPALL innocuous { form 13 C0 over SWAP; do { PC = 0; } }
        instruction JUMP innocuous { form 30 (t: J); do { PC = t; } }
        instruction JCC innocuous { form 34+cc (t: J) asm "j{cond}{likely} {t}"; do { if cc == 0 && C { PC = t; } } }
        instruction NOTHING innocuous { form 00 asm "nop"; }
        """;

    private static readonly GeneratedText Toy = GeneratedText.Of("toy", Spec);

    private static GeneratedText Mode(byte size)
    {
        Toy.Mode("size", size);
        return Toy;
    }

    // Bytes, the mode, and their text at address 0x100.
    public static TheoryData<string, byte, string> Texts => new()
    {
        { "00", 8, "nop" },
        { "10 C1", 8, "mov b1, b0" },
        { "10 C1", 16, "mov r1, r0" },
        { "A4 10 C1", 8, "mov r1, r0" },
        { "10 09 05", 16, "mov [r1+0x5], r1" },
        { "10 09 FB", 8, "mov byte [r1-0x5], b1" },
        { "10 09 00", 8, "mov byte [r1], b1" },
        { "11 8F 34 12", 16, "mov r1, [0x1234]" },
        { "A2 11 0F 34", 16, "mov r1, [bank2:0x34]" },
        { "11 4E 03 82", 16, "mov r1, [r1+0xc]" },
        { "20 34 12", 8, "set r0, 0x1234" },
        { "26 80", 8, "set r2, 0xff80" },
        { "12 C8", 8, "test b0" },
        { "A3 12 C8", 8, "tests b0" },
        { "13 C0", 8, "swapall" },
        { "13 C8", 8, "swap r0, r1" },
        { "30 FE", 8, "jump 0x100" },
        { "35 00", 8, "jnc 0x102" },
        { "A1 35 00", 8, "jnc.likely 0x103" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Writes(string bytes, byte mode, string text) => Assert.Equal(text, Mode(mode).Disassemble(bytes, 0x100));

    [Theory]
    [MemberData(nameof(Texts))]
    public void ReadsWhatItWrites(string bytes, byte mode, string text)
    {
        string encoding = Mode(mode).Assemble(text, 0x100);
        Assert.Equal(text, Toy.Disassemble(encoding, 0x100));
        Assert.True(encoding.Length <= bytes.Replace(" ", "").Length, encoding);
    }

    [Theory]
    [InlineData("set r2, -128", "2680")]
    [InlineData("set r2, 65408", "2680")]
    [InlineData("SET  R2 ,0FF80h", "2680")]
    [InlineData("set r2, 0b1", "2601")]
    [InlineData("set r2, 0x1_00", "220001")]
    [InlineData("mov [ r1 + 5 ], r1", "A4100905")]
    [InlineData("mov byte[r1-5],b1", "1009FB")]
    [InlineData("mov byte [r1 + -5], b1", "1009FB")]
    // Plain addressing reaches as far as the scaled one, and is shorter.
    [InlineData("mov byte [r3+0x40], b0", "100340")]
    [InlineData("jc 0x181", "34 7F")]
    // Prefixes without effect extend the reach of a jump forward.
    [InlineData("jc 0x182", "A3 34 7F")]
    [InlineData("jc 0x184", "A3 A3 A3 34 7F")]
    // 13 C0 is another instruction; bit 2 of the register's field is not looked at.
    [InlineData("swap r0, r0", "13 C4")]
    public void Normalises(string text, string bytes)
    {
        string encoding = Mode(8).Assemble(text, 0x100);
        Assert.Equal(bytes.Replace(" ", ""), encoding);
    }

    [Theory]
    [InlineData("", "there is no instruction")]
    [InlineData("  ", "there is no instruction")]
    [InlineData("mvo b1, b0", "there is no instruction 'mvo'; did you mean 'mov'?")]
    [InlineData("xyzzy", "there is no instruction 'xyzzy'")]
    [InlineData("set r2, 70000", "0x11170 is out of range: this operand takes -0x8000 to 0xffff")]
    [InlineData("mov byte [r1+0x10000], b1", "0x10000 is out of range: this operand takes -0x8000 to 0xffff")]
    [InlineData("set r2", "these operands fit no form of 'set'; its forms are:\n  set reg16, number16")]
    [InlineData("set 5, r2", "these operands fit no form of 'set'; its forms are:\n  set reg16, number16")]
    [InlineData("nop nop", "these operands fit no form of 'nop'; its forms are:\n  nop")]
    public void SaysWhatIsWrong(string text, string error) => Assert.Equal(error, Mode(8).Assemble(text));

    [Fact]
    public void ReachOfJumpsIsTold()
    {
        string error = Mode(8).Assemble("jump 0x400", 0x100);
        Assert.StartsWith("0x400 is out of range: this operand takes 130 to 385", error);
    }

    [Fact]
    public void ShapesTellTheOperands() => Assert.Equal(["mov reg8/mem8, reg8", "mov reg16/mem16, reg16", "mov reg8, reg8/mem8", "mov reg16, reg16/mem16"], Toy.Shapes("mov"));
}
