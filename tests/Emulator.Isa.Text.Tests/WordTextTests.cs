namespace Emulator.Isa.Text.Tests;

/// <summary>Texts of word encodings: fields in pieces, signed immediates, conditions between fields, both byte orders.</summary>
public sealed class WordTextTests
{
    private static string Spec(string endian) => $$"""
        state X[32] : u32 { [0] = 0; view<32>[i] = self[i] names x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13 x14 x15
            x16 x17 x18 x19 x20 x21 x22 x23 x24 x25 x26 x27 x28 x29 x30 x31; }
        state PC : u32 pc;
        memory ram : u32 {{endian}} bus;
        trap illegal = 2 fault undefined;
        function code_address(pc: u32) : u32 { return pc; }
        decode words fetch ram by code_address {
          format I : 32 { imm: s12 @31:20; rs1 @19:15; f3 @14:12; rd @11:7; op @6:0; }
          format J : 32 { imm: s21 @31:31,19:12,20:20,30:21 << 1; rd @11:7; op @6:0; }
          operand D = X.view<32>[rd];
          operand S = X.view<32>[rs1];
          operand T = insn.pc + sext<32>(imm);
        }
        instruction ADDI innocuous { form I { op = 0x13, f3 = 0 } (d: D, s: S) asm "addi {d}, {s}, {imm:d}"; do { d = s + sext<32>(imm); } }
        instruction XORI innocuous { form I { op = 0x13, f3 = 4 } (d: D, s: S) when rd != rs1 asm "xori {d}, {s}, {imm:d}"; do { d = s ^ sext<32>(imm); } }
        instruction LW innocuous { form I { op = 0x03, f3 = 2 } (d: D, s: S) asm "lw {d}, {imm:d}({s})"; do { d = ram<32>[s + sext<32>(imm)]; } }
        instruction NOP innocuous { form I { op = 0x13, f3 = 0, rd = 0, rs1 = 0, imm = 0 } over ADDI; }
        instruction JAL innocuous { form J { op = 0x6F } (d: D, t: T); do { d = insn.next; PC = t; } }
        """;

    private static readonly GeneratedText Little = GeneratedText.Of("words", Spec("little"));

    public static TheoryData<string, string> Texts => new()
    {
        { "1385F5FF", "addi x10, x11, -1" },
        { "13850580", "addi x10, x11, -2048" },
        { "1385F57F", "addi x10, x11, 2047" },
        { "13000000", "nop" },
        { "9302A000", "addi x5, x0, 10" },
        { "13C5150A", "xori x10, x11, 161" },
        { "03A585FF", "lw x10, -8(x11)" },
        { "EF000001", "jal x1, 0x1010" },
        { "EFF0DFFE", "jal x1, 0xfec" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Writes(string bytes, string text) => Assert.Equal(text, Little.Disassemble(bytes, 0x1000));

    [Theory]
    [MemberData(nameof(Texts))]
    public void ReadsWhatItWrites(string bytes, string text) => Assert.Equal(bytes, Little.Assemble(text, 0x1000));

    [Theory]
    [InlineData("addi x10, x11, 2048", "0x800 is out of range: this operand takes -0x800 to 0x7ff")]
    [InlineData("jal x1, 0x1011", "'jal' has no encoding with this combination of operands in this mode")]
    [InlineData("xori x3, x3, 1", "'xori' has no encoding with this combination of operands in this mode")]
    [InlineData("jal x1, 0x200000", "0x200000 is out of range: this operand takes -0xff000 to 0x100ffe")]
    [InlineData("addi x10, x32, 1", "these operands fit no form of 'addi'; its forms are:\n  addi reg32, reg32, number12")]
    public void SaysWhatIsWrong(string text, string error) => Assert.Equal(error, Little.Assemble(text, 0x1000));

    [Fact]
    public void BigEndianWords()
    {
        GeneratedText big = GeneratedText.Of("words", Spec("big"));
        Assert.Equal("FFF58513", big.Assemble("addi x10, x11, -1"));
        Assert.Equal("addi x10, x11, -1", big.Disassemble("FFF58513"));
    }
}
