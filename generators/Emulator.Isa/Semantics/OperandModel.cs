using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>An operand of a form under one combination of axis values.</summary>
/// <param name="Name">Its name in the form.</param>
/// <param name="Kind">Its production with widths: <c>E&lt;32&gt;</c>.</param>
/// <param name="Width">Width of the value it denotes.</param>
/// <param name="Alternatives">Tried in order; where none applies the form does not match.</param>
public sealed record OperandModel(string Name, string Kind, int Width, ImmutableArray<AlternativeModel> Alternatives);
