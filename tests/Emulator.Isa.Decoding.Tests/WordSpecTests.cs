using Emulator.Isa.Emit;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Decoding.Tests;

/// <summary>Word encodings: what words without a form do, decode blocks that add to another, forms that an ISA does not have.</summary>
public sealed class WordSpecTests
{
    private const string Spec = """
        const WIDE = 0;
        state X[32] : u32 { [0] = 0; view<32>[i] = self[i]; }
        state PC : u32 pc;
        memory ram : u32 little bus;
        trap illegal = 2 fault undefined (word: u32);
        function code_address(pc: u32) : u32 { return pc; }
        decode words else illegal(insn.bits.[1:0] == 3 ? insn.bits : insn.bits & 0xFFFF) fetch ram by code_address {
          format C : 16 { f @15:2; op @1:0; }
          format I : 32 { imm: s12 @31:20; rs1 @19:15; f3 @14:12; rd @11:7; op @6:0; }
        }
        decode words {
          operand D = X[rd];
          operand S = X[rs1];
        }
        instruction NOP innocuous { form C { op = 1, f = 0 }; }
        instruction ADDI innocuous { form I { op = 0x13, f3 = 0 } (d: D, s: S); do { d = s + sext<32>(imm); } }
        instruction LD innocuous { form I { op = 0x03, f3 = 3 } (d: D, s: S) when WIDE == 1; do { d = ram<64>[s]; } }
        instruction LDX innocuous {
          form I { op = 0x03, f3 = 4 } (d: D, s: S) when WIDE == 1;
          form I { op = 0x03, f3 = 5 } (d: D, s: S) when WIDE == 0 || rd != 0;
          do { d = s; }
        }
        """;

    private static readonly GeneratedDecoder Decoder = GeneratedDecoder.Of("words", Spec);

    [Theory]
    [InlineData("0100", "2 NOP")]
    [InlineData("0300 0000", "illegal(3)")]
    [InlineData("FFFF FFFF", "illegal(4294967295)")]
    [InlineData("0480 0000", "illegal(32772)")]
    [InlineData("1305 0500", "4 ADDI")]
    [InlineData("0335 0500", "illegal(341251)")]
    [InlineData("0345 0500", "illegal(345347)")]
    [InlineData("0355 0500", "4 LDX")]
    [InlineData("0350 0500", "4 LDX")]
    public void Finds(string bytes, string expected) => Assert.Equal(expected, Decoder.Decode(bytes));

    [Fact]
    public void AFormWhoseConditionNeverHoldsDoesNotExist()
    {
        Assert.Equal(["NOP", "ADDI", "LDX"], Decoder.Model.Instructions.Select(i => i.Name));
        FormModel form = Assert.Single(Decoder.Model.Instructions[2].Forms);
        Assert.Null(form.When);
        Assert.Equal(Enumerable.Range(0, 3), Decoder.Model.Decode.Forms.Select(f => f.Index));
    }

    [Theory]
    [InlineData("UInt128", "*p", "(UInt128)(*p)")]
    [InlineData("Int128", "-1", "(Int128)(-1)")]
    [InlineData("ulong", "*p", "(ulong)*p")]
    [InlineData("UInt128", "a + b", "(UInt128)(a + b)")]
    [InlineData("UInt128", "a", "(UInt128)a")]
    public void CastsAreNoBinaryOperators(string type, string operand, string expected) => Assert.Equal(expected, CSharpNames.Cast(type, operand));
}
