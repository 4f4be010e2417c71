using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>How an execution ended.</summary>
/// <param name="Trap">The trap, or null when it completed.</param>
/// <param name="Arguments">The trap's arguments.</param>
/// <param name="InMap">The trap came from the relocation map, or is of kind memory.</param>
/// <param name="Exhausted">It did not end within the limit of steps.</param>
/// <param name="Progress">Number of conditions passed behind which a trap stood.</param>
public sealed record ExecutionResult(TrapSpec? Trap, ImmutableArray<BigInteger> Arguments, bool InMap, bool Exhausted, int Progress)
{
    public bool Completed => Trap is null && !Exhausted;
}
