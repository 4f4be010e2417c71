using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>A way an execution may end in a trap.</summary>
/// <param name="Trap">The trap.</param>
/// <param name="Path">The conditions under which it is raised.</param>
/// <param name="Late">Whether something was done before that a trap does not undo.</param>
/// <param name="Changed">Roles of resource state that stays changed all the same.</param>
/// <param name="Span">Where it is raised.</param>
/// <param name="Guards">Conditions on resource state around it.</param>
internal sealed record TrapExit(TrapSpec Trap, Path? Path, bool Late, ResourceRoles Changed, SourceSpan Span, ImmutableArray<Guard> Guards);
