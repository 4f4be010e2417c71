namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>The machine at a point of an execution, every value a term; null entries are as at the start.</summary>
internal sealed class SymbolicState
{
    public SymbolicState(int atoms, int memories)
    {
        Atoms = new Term?[atoms];
        Memories = new Term?[memories];
        Devices = new Term?[6];
    }

    private SymbolicState(SymbolicState other)
    {
        Atoms = (Term?[])other.Atoms.Clone();
        Memories = (Term?[])other.Memories.Clone();
        Devices = (Term?[])other.Devices.Clone();
        Locals = (Term?[])other.Locals.Clone();
        Path = other.Path;
        Lasting = other.Lasting;
    }

    public Term?[] Atoms { get; private set; }

    public Term?[] Memories { get; private set; }

    /// <summary>State outside the processor that flushes and externs change, by role.</summary>
    public Term?[] Devices { get; private set; }

    /// <summary>Locals of the function being executed.</summary>
    public Term?[] Locals { get; set; } = Array.Empty<Term?>();

    public Path? Path { get; set; }

    /// <summary>Whether something was done that a trap does not undo.</summary>
    public bool Lasting { get; set; }

    public SymbolicState Clone() => new(this);

    /// <summary>Becomes another state.</summary>
    public void Take(SymbolicState other)
    {
        Atoms = other.Atoms;
        Memories = other.Memories;
        Devices = other.Devices;
        Locals = other.Locals;
        Path = other.Path;
        Lasting = other.Lasting;
    }
}
