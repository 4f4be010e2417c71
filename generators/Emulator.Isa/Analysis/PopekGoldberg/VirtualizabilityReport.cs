using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>The Popek-Goldberg analysis of an instruction set.</summary>
/// <param name="Model">The instruction set.</param>
/// <param name="Profiles">A verdict per hosting profile, in declaration order.</param>
/// <param name="Diagnostics">PG0001 to PG0005 and PG0007.</param>
public sealed record VirtualizabilityReport(IsaModel Model, ImmutableArray<ProfileVerdict> Profiles, ImmutableArray<IsaDiagnostic> Diagnostics);
