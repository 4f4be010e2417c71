using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>An effect with the conditions it stands under: a link of an explanation.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Target">The state, memory, trap or extern concerned.</param>
/// <param name="Roles">Resource roles involved.</param>
/// <param name="Span">Where the spec says so.</param>
/// <param name="Guards">Conditions on resource state around it, outermost first.</param>
public sealed record EffectNote(EffectKind Kind, string Target, ResourceRoles Roles, SourceSpan Span, ImmutableArray<Guard> Guards);
