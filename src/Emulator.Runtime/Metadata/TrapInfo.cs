namespace Emulator.Runtime;

/// <summary>A trap of the ISA; its position in <see cref="IsaMetadata.Traps"/> is its identity.</summary>
/// <param name="Name">Name in the spec.</param>
/// <param name="Number">Architectural number.</param>
/// <param name="Class">Where the pc stands on delivery.</param>
/// <param name="Kind">Kind in the spec: <c>memory</c>, <c>protection</c> and so on.</param>
/// <param name="Parameters">Names of its parameters, at most two.</param>
public sealed record TrapInfo(string Name, ulong Number, TrapClass Class, string Kind, IReadOnlyList<string> Parameters);
