using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>A body as it is emitted, with what the back end asks of it.</summary>
/// <param name="Code">Small calls replaced, simplified.</param>
/// <param name="Plan">Where decoded operations keep its values.</param>
/// <param name="Saved">What a trap must undo (<see cref="Rollback"/>).</param>
/// <param name="Producer">The deferred group's function it leaves (<see cref="GroupUse.Producer"/>); 0 without a group.</param>
/// <param name="IsSmallReader">Whether it is specialised for the group's producers.</param>
/// <param name="HasFastPath">Whether its common path gets a method.</param>
/// <param name="Inspected">The functions whose bodies decided what <paramref name="Code"/> is, besides the variant's own.</param>
internal sealed record InlinedBody(IrStmt.Block Code, SlotPlan Plan, List<(object Key, int Element)> Saved, int Producer, bool IsSmallReader, bool HasFastPath, IReadOnlyCollection<IrFunction> Inspected)
{
    /// <summary>States whose copies are kept in the state structure, in the order they are made.</summary>
    public ImmutableArray<object> Copied { get; } = Saved.Where(k => k.Key is not DecodeVariable && !SavedCopies.IsLocal(k)).Select(k => k.Key).ToImmutableArray();
}
