using System.Collections.Immutable;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Whether the condition of a theorem holds, and the forms that break it.</summary>
/// <param name="Number">1, 2 or 3.</param>
/// <param name="Holds">Whether its condition, which is sufficient and not necessary, holds.</param>
/// <param name="Breaking">Forms that break it.</param>
public sealed record TheoremVerdict(int Number, bool Holds, ImmutableArray<FormVerdict> Breaking);
