namespace Emulator.Runtime.Assembly;

/// <summary>An operator applied to values of which at least one is not known yet, or an unknown itself.</summary>
/// <param name="Op">The operator; <see cref="Operator.Unknown"/> for bits of the encoding, <see cref="Operator.After"/> and <see cref="Operator.Length"/> for what the whole instruction tells.</param>
/// <param name="Width">Width in bits.</param>
/// <param name="A">First operand, or the condition of a selection.</param>
/// <param name="AWidth">Its width.</param>
/// <param name="B">Second operand.</param>
/// <param name="BWidth">Its width.</param>
/// <param name="C">Third operand.</param>
/// <param name="Number">Of an unknown its number, of a slice the lowest bit.</param>
internal sealed record Term(Operator Op, int Width, Symbol A = default, int AWidth = 0, Symbol B = default, int BWidth = 0, Symbol C = default, int Number = 0)
{
    /// <summary>Values of a table.</summary>
    public UInt128[]? Table { get; init; }
}
