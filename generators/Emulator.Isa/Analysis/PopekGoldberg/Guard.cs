using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>A condition on resource state that an effect or a trap stands under.</summary>
/// <param name="Span">The condition in the spec.</param>
/// <param name="Holds">Whether it held.</param>
/// <param name="Reads">The resource state it reads.</param>
public sealed record Guard(SourceSpan Span, bool Holds, ImmutableArray<StateAtom> Reads);
