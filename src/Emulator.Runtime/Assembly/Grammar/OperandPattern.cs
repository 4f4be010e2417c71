namespace Emulator.Runtime.Assembly;

/// <summary>An operand of a form: its alternatives, tried in order while decoding.</summary>
internal sealed record OperandPattern(AlternativePattern[] Alternatives)
{
    /// <summary>How errors describe it: <c>reg32/mem32</c>; empty when it is not written.</summary>
    public string Shape => string.Join("/", Alternatives.Where(a => !a.Text.IsEmpty).Select(a => a.Shape).Distinct());
}
