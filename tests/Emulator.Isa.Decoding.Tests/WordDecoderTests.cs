namespace Emulator.Isa.Decoding.Tests;

/// <summary>Word encodings of two widths.</summary>
public sealed class WordDecoderTests
{
    private static string Spec(string endian) => $$"""
        state X[32] : u32 { view<32>[i] = self[i]; }
        state PC : u32 pc;
        memory ram : u32 {{endian}} bus;
        trap illegal = 2 fault undefined;
        function code_address(pc: u32) : u32 { return pc; }
        decode words fetch ram by code_address {
          format C : 16 { f3 @15:13; imm: s6 @12:12,6:2; rd @11:7; op @1:0; }
          format I : 32 { imm: s12 @31:20; rs1 @19:15; f3 @14:12; rd @11:7; op @6:0; }
          format J : 32 { imm: s21 @31:31,19:12,20:20,30:21 << 1; rd @11:7; op @6:0; }
          operand D = X.view<32>[rd];
        }
        instruction CADDI innocuous { form C { op = 1, f3 = 0 } (d: D); do { d = d + sext<32>(imm); } }
        instruction CNOP innocuous { form C { op = 1, f3 = 0, rd = 0 } over CADDI; }
        instruction ADDI innocuous { form I { op = 0x13, f3 = 0 } (d: D); do { d = sext<32>(imm); } }
        instruction SLTI innocuous { form I { op = 0x13, f3 = 2 }; }
        instruction XORI innocuous { form I { op = 0x13, f3 = 4 } when rd != rs1; }
        instruction ORI innocuous { form I { op = 0x13, f3 = 6 }; }
        instruction ANDI innocuous { form I { op = 0x13, f3 = 7 }; }
        instruction NOP innocuous { form I { op = 0x13, f3 = 0, rd = 0, rs1 = 0, imm = 0 } over ADDI; }
        instruction JAL innocuous { form J { op = 0x6F }; do { PC = insn.pc + sext<32>(imm); } }
        """;

    private static readonly GeneratedDecoder Decoder = GeneratedDecoder.Of("words", Spec("little"));

    [Theory]
    [InlineData("8505", "2 CADDI")]
    [InlineData("0100", "2 CNOP")]
    [InlineData("0000", "illegal(0)")]
    [InlineData("13 05 00 00", "4 ADDI")]
    [InlineData("13 00 00 00", "4 NOP")]
    [InlineData("13 25 00 00", "4 SLTI")]
    [InlineData("13 45 00 00", "4 XORI")]
    [InlineData("13 45 05 00", "illegal(0)")]
    [InlineData("13 65 00 00", "4 ORI")]
    [InlineData("13 75 00 00", "4 ANDI")]
    [InlineData("13 15 00 00", "illegal(0)")]
    [InlineData("EF 00 00 01", "4 JAL")]
    [InlineData("13", "more")]
    [InlineData("13 05", "more")]
    // Two bytes tell that no word begins like this.
    [InlineData("13 15", "illegal(0)")]
    [InlineData("FF FF", "illegal(0)")]
    public void Finds(string bytes, string expected) => Assert.Equal(expected, Decoder.Decode(bytes));

    [Theory]
    [InlineData("EF 00 00 01", "J_imm", 0x10u)]
    [InlineData("EF F0 1F FF", "J_imm", 0x1FFFFEu - 0x0Eu)]
    [InlineData("EF 00 10 00", "J_imm", 0x800u)]
    [InlineData("EF 10 00 80", "J_imm", 0x101000u)]
    [InlineData("13 85 F5 FF", "I_imm", 0xFFFu)]
    [InlineData("7D 15", "C_imm", 0x3Fu)]
    [InlineData("13 85 F5 FF", "ref0_32", 11u)]
    public void Extracts(string bytes, string field, uint value)
    {
        Decoder.Decode(bytes);
        Assert.Equal(value, Convert.ToUInt32(Decoder.Field(field)));
    }

    [Fact]
    public void BigEndianWordsAreReadThatWay()
    {
        string spec = Spec("big").Replace("format C : 16 { f3 @15:13; imm: s6 @12:12,6:2; rd @11:7; op @1:0; }", "")
            .Replace("instruction CADDI innocuous { form C { op = 1, f3 = 0 } (d: D); do { d = d + sext<32>(imm); } }", "")
            .Replace("instruction CNOP innocuous { form C { op = 1, f3 = 0, rd = 0 } over CADDI; }", "");
        var decoder = GeneratedDecoder.Of("words", spec);
        Assert.Equal("4 ADDI", decoder.Decode("FF F5 85 13"));
        Assert.Equal(0xFFFu, decoder.Field("I_imm"));
        Assert.Equal("more", decoder.Decode("FF F5 85"));
    }
}
