using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Semantics;

/// <summary>A trap: its index is its identity (<c>CpuHeader.Trap</c> is the index plus one).</summary>
public sealed record TrapSpec(string Name, int Index, int Number, string Class, string Kind, ImmutableArray<(string Name, int Width)> Parameters, SourceSpan Span);
