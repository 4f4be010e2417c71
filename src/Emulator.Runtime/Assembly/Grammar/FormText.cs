namespace Emulator.Runtime.Assembly;

/// <summary>The text of a form under the axis values that give it this text and these operands.</summary>
internal sealed class FormText(FormPattern form, TextPattern text, OperandPattern[] operands)
{
    public FormPattern Form { get; } = form;

    public TextPattern Text { get; } = text;

    public OperandPattern[] Operands { get; } = operands;

    /// <summary>Combinations of axis values, each a list of axis and value.</summary>
    public List<(DecodeVariable Axis, UInt128 Value)[]> Axes { get; } = [];

    /// <summary>Prefix states worth trying, by mode; filled when first needed.</summary>
    public Dictionary<string, PrefixState[]> Prefixes { get; } = [];
}
