using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>A function being executed: where its locals are, the memory accesses it has open, and the states it returned in.</summary>
internal sealed class Frame(IrFunction function, Dictionary<IrLocal, int> positions)
{
    public IrFunction Function { get; } = function;

    public Dictionary<IrLocal, int> Positions { get; } = positions;

    /// <summary>Addresses of open read-modify-write accesses.</summary>
    public Dictionary<IrAccess, (Term Address, bool Mapped)> Accesses { get; } = new();

    public List<(SymbolicState State, Term[] Values)> Returns { get; } = new();
}
