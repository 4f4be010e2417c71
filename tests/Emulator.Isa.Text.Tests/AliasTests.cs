using Emulator.Isa.Decoding.Tests;
using Emulator.Isa.Emit;

namespace Emulator.Isa.Text.Tests;

/// <summary>Aliases: other texts of an instruction, which both the disassembler and the assembler know when asked to.</summary>
public sealed class AliasTests
{
    private const string Spec = """
        state X[8] : u32 { [0] = 0; view<32>[i] = self[i] names x0 x1 x2 x3 x4 x5 x6 x7; }
        state PC : u32 pc;
        memory ram : u32 little bus;
        trap illegal = 2 fault undefined;
        function code_address(pc: u32) : u32 { return pc; }
        decode words fetch ram by code_address {
          format L : 32 { imm: s8 @31:24; sub @23:20; s @19:16; d @15:12; kind @11:4; op @3:0; }
          format S : 16 { imm: s4 @15:12; d @11:8; kind @7:4; op @3:0; }
          operand D = X[trunc<3>(d)];
          operand S = X[trunc<3>(s)];
          operand I = sext<32>(imm) text "{imm:d}";
        }
        instruction ADDI innocuous {
          form L { op = 15, kind = 1 } (d: D, s: S, imm: I) when sub == 0;
          alias "nop" when d == 0 && s == 0 && imm == 0;
          alias "trap5" when d == 5 && s == 5 && (imm == 5);
          alias "li {d}, {imm}" when s == 0;
          alias "inc{by} {d}, {s}" when imm == 1 || imm == 2;
          alias input "subi {s}, {d}, {imm}";
          do { d = s + imm; }
        }
        instruction C_ADDI innocuous {
          form S { op = 1, kind = 2 } (d: D, imm: I) when d.[3] == 0;
          asm "c.addi {d}, {imm}";
          alias "addi {d}, {d}, {imm}";
          do { d = d + imm; }
        }
        decode words { text by = imm == 1 ? "" : "2"; }
        """;

    private static readonly GeneratedText Words = GeneratedText.Of("aliases", Spec);

    public static TheoryData<string, string, string> Texts => new()
    {
        { "1F000000", "addi x0, x0, 0", "nop" },
        { "1F500505", "addi x5, x5, 5", "trap5" },
        { "1F2000FF", "addi x2, x0, -1", "li x2, -1" },
        { "1F200301", "addi x2, x3, 1", "inc x2, x3" },
        { "1F200302", "addi x2, x3, 2", "inc2 x2, x3" },
        { "1F200303", "addi x2, x3, 3", "addi x2, x3, 3" },
        { "2131", "c.addi x1, 3", "addi x1, x1, 3" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_first_that_applies_is_written(string bytes, string text, string alias)
    {
        Assert.Equal(text, Words.Disassemble(bytes));
        Assert.Equal(alias, Words.Disassemble(bytes, aliases: true));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Both_are_read_when_asked_for(string bytes, string text, string alias)
    {
        Assert.Equal(bytes, Words.Assemble(text));
        Assert.Equal(bytes, Words.Assemble(alias, aliases: true));
        Assert.Equal(text == alias, Words.Assemble(alias) == bytes);
    }

    [Fact]
    public void An_input_alias_is_read_and_never_written()
    {
        Assert.Equal("1F200303", Words.Assemble("subi x3, x2, 3", aliases: true));
        Assert.Equal("addi x2, x3, 3", Words.Disassemble("1F200303", aliases: true));
    }

    [Fact]
    public void The_shortest_encoding_is_taken_by_alias_too()
    {
        Assert.Equal("1F100103", Words.Assemble("addi x1, x1, 3"));
        Assert.Equal("2131", Words.Assemble("addi x1, x1, 3", aliases: true));
        Assert.Equal("1F100164", Words.Assemble("addi x1, x1, 100", aliases: true));
    }

    [Theory]
    [InlineData("nop", false, "there is no instruction 'nop'")]
    [InlineData("li x1, 200", true, "200 is out of range: this operand takes -128 to 127")]
    [InlineData("inc3 x1, x2", true, "there is no instruction 'inc3'; did you mean 'inc'?")]
    public void Says_what_is_wrong(string text, bool aliases, string error) => Assert.Equal(error, Words.Assemble(text, aliases: aliases));

    [Fact]
    public void The_instruction_reference_names_them()
    {
        var pages = DocumentationEmitter.Emit(new EmitContext(Specs.Bind("aliases", Spec), new EmitOptions("Toy"), default), _ => null);
        string text = string.Concat(pages.Select(p => p.Text));
        Assert.Contains("- Also written: `nop`, `trap5`, `li reg32, number32`, `inc reg32, reg32`", text);
        Assert.Contains("- Also read, never written: `subi reg32, reg32, number32`", text);
    }
}
