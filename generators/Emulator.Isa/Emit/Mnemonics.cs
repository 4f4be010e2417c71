using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>Names and shapes of instructions in assembly text.</summary>
internal static class Mnemonics
{
    private const int MostNames = 4;

    /// <summary>
    /// The first word of a form's text without its optional parts; several, separated by slashes, where axes choose among few; the instruction's name in lower
    /// case for a larger family.
    /// </summary>
    public static string Of(FormModel form)
    {
        List<string> names = Shapes(form).Select(t => t.Split(' ')[0]).Distinct(StringComparer.Ordinal).ToList();
        return names.Count is > 0 and <= MostNames ? string.Join("/", names) : form.Instruction.Name.ToLowerInvariant();
    }

    /// <summary>The texts of a form without optional parts, operands as shapes such as <c>reg32/mem32</c>.</summary>
    public static IReadOnlyList<string> Shapes(FormModel form)
    {
        List<string> texts = form.Cases.Select(c => Quiet(c.Text, c.Operands).Trim()).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        // Axes may also add words in front, such as a repeat prefix: the shortest texts are those without.
        int fewest = texts.Select(t => t.Split(' ').Length).DefaultIfEmpty(0).Min();
        return texts.Where(t => t.Split(' ').Length == fewest).ToList();
    }

    /// <summary>The aliases of an instruction's forms, operands as shapes: those that are written as well as read, or those that are read only.</summary>
    public static IReadOnlyList<string> Aliases(InstructionModel instruction, bool inputOnly) => instruction.Forms.SelectMany(f => f.Cases)
        .SelectMany(c => c.Aliases.Where(a => a.InputOnly == inputOnly).Select(a => Quiet(a.Text, c.Operands).Trim()))
        .Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).ToList();

    private static string Quiet(TextNode node, ImmutableArray<OperandModel> operands) => node switch
    {
        TextNode.Literal l => l.Value,
        TextNode.Sequence s => string.Concat(s.Parts.Select(p => Quiet(p, operands))),
        TextNode.Conditional c when DisassemblerTexts.IsEmpty(c.WhenTrue) || DisassemblerTexts.IsEmpty(c.WhenFalse) => "",
        TextNode.Conditional c => Quiet(c.WhenFalse, operands),
        TextNode.Element { Table.Strings: var strings } => strings.Any(x => x.Length == 0) ? "" : strings[0],
        TextNode.Number n => $"number{CSharpNames.Int(n.Value.Width)}",
        TextNode.Register r => $"reg{CSharpNames.Int(r.Variable.Width)}",
        TextNode.Operand o when o.Position < operands.Length => Shape(operands[o.Position]),
        _ => "",
    };

    private static string Shape(OperandModel operand) => string.Join("/", operand.Alternatives.Where(a => !DisassemblerTexts.IsEmpty(a.Text)).Select(a => Single(a.Text) switch
    {
        TextNode.Literal l => l.Value,
        TextNode.Element e => string.Join("|", e.Table.Strings.Where(s => s.Length > 0).Distinct()),
        _ => (a.Class switch { OperandClass.Register => "reg", OperandClass.Memory => "mem", _ => "number" }) + CSharpNames.Int(operand.Width),
    }).Distinct());

    /// <summary>The only part of a sequence of one.</summary>
    private static TextNode Single(TextNode node) => node is TextNode.Sequence { Parts.Length: 1 } s ? Single(s.Parts[0]) : node;
}
