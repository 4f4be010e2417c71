namespace Emulator.Runtime.Assembly;

/// <summary>One alternative of an operand.</summary>
/// <param name="Class">register, value or memory.</param>
/// <param name="Width">Width of what it denotes, in bits.</param>
/// <param name="After">Decode procedure to run first, or null.</param>
/// <param name="When">Condition, or null.</param>
/// <param name="Slot">The variable that gets the value or reference, or null.</param>
/// <param name="Value">What the slot gets, or null.</param>
/// <param name="Text">How it is written.</param>
/// <param name="TextId">Equal for alternatives that are written alike.</param>
internal sealed record AlternativePattern(string Class, int Width, DecodeStatement[]? After, DecodeExpression? When, DecodeVariable? Slot, DecodeExpression? Value, TextPattern Text, string TextId)
{
    /// <summary>How errors describe it.</summary>
    public string Shape => Text switch
    {
        TextPattern.Literal l => l.Text,
        TextPattern.Names n => string.Join("|", n.Table.Where(x => x.Length > 0).Distinct()),
        _ => Class switch { "register" => "reg", "memory" => "mem", _ => "number" } + Width.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
