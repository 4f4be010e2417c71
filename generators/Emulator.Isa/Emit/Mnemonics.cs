using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>Names of instructions in assembly text.</summary>
internal static class Mnemonics
{
    private const int MostNames = 4;

    /// <summary>
    /// The first word of a form's text without its optional parts; several, separated by slashes, where axes choose among few; the instruction's name in lower
    /// case for a larger family.
    /// </summary>
    public static string Of(FormModel form)
    {
        var texts = form.Cases.Select(c => Quiet(c.Text).Trim()).Where(t => t.Length > 0).ToList();
        if (texts.Count == 0) return form.Instruction.Name.ToLowerInvariant();
        // Axes may also add words in front, such as a repeat prefix: the shortest texts are those without.
        int fewest = texts.Min(t => t.Split(' ').Length);
        var names = texts.Where(t => t.Split(' ').Length == fewest).Select(t => t.Split(' ')[0]).Distinct(StringComparer.Ordinal).ToList();
        return names.Count <= MostNames ? string.Join("/", names) : form.Instruction.Name.ToLowerInvariant();
    }

    /// <summary>The text with every conditional part left out that may be empty, and operands as single letters.</summary>
    private static string Quiet(TextNode node) => node switch
    {
        TextNode.Literal l => l.Value,
        TextNode.Sequence s => string.Concat(s.Parts.Select(Quiet)),
        TextNode.Conditional c when DisassemblerTexts.IsEmpty(c.WhenTrue) || DisassemblerTexts.IsEmpty(c.WhenFalse) => "",
        TextNode.Conditional c => Quiet(c.WhenFalse),
        TextNode.Element { Table.Strings: var strings } => strings.Any(x => x.Length == 0) ? "" : strings[0],
        TextNode.Operand => "x",
        _ => "n",
    };
}
