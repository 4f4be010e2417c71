using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>The declared effects of an extern: resource roles read and written, traps raised.</summary>
public sealed record ExternSpec(string Name, ImmutableArray<string> Reads, ImmutableArray<string> Writes, ImmutableArray<TrapSpec> Raises, bool Declared);
