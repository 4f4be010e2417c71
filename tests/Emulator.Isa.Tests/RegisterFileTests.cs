using Emulator.Isa.Analysis;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests;

/// <summary>An operand denotes registers of its own production, though other forms have registers of another file and the same width in its place.</summary>
public sealed class RegisterFileTests
{
    [Theory]
    [InlineData("ADD", "X", "X")]
    [InlineData("FADD_D", "F", "F")]
    [InlineData("FCVT_W_D", "F", "X")]
    public void OperandsAreOfTheirOwnFile(string instruction, string read, string written)
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "isa", "riscv"), "*.isa").Order(StringComparer.Ordinal).Select(f => SpecParser.Parse(f, File.ReadAllText(f))).ToList();
        var rv64 = IsaCompiler.Bind(SpecSet.Group(files).Isas.Single()).Instances.Single(i => i.Name == "rv64");
        var facts = FormFacts.Of(rv64.Facts!);
        string[] registers = ["F", "X"];
        var form = Assert.Single(rv64.Model.Decode.Forms, f => f.Instruction.Name == instruction);
        Assert.Equal([read], facts[form.Index].Reads.Intersect(registers));
        Assert.Equal([written], facts[form.Index].Writes.Intersect(registers));
    }
}
