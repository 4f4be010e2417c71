using Emulator.Isa.Semantics;

namespace Emulator.Isa.Binding;

/// <summary>A function that was bound for some widths.</summary>
/// <param name="Function">What calls refer to.</param>
/// <param name="Declaration">Name of the declared function; null for other code: an undefined result, reading or writing a space.</param>
/// <param name="Widths">Values of its width parameters.</param>
/// <param name="Index">Its place in the order in which functions were bound.</param>
internal sealed record FunctionInstance(IrFunction Function, string? Declaration, IReadOnlyDictionary<string, int> Widths, int Index);
