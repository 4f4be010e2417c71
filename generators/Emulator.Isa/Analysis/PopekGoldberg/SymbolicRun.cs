namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What one symbolic execution of a body found.</summary>
internal sealed class SymbolicRun
{
    /// <summary>The state it ends in when it completes; null when every path ends in a trap.</summary>
    public SymbolicState? Final { get; set; }

    /// <summary>What was assumed at the start.</summary>
    public Path? Assumed { get; set; }

    /// <summary>Ways it ends in a trap that is not the relocation map's, each once per place.</summary>
    public List<TrapExit> Exits { get; } = new();

    /// <summary>Conditions under which the body itself raises a memory trap.</summary>
    public List<Path?> MemoryExits { get; } = new();

    public List<EffectNote> Notes { get; } = new();

    /// <summary>Externs reached that declare nothing.</summary>
    public HashSet<Semantics.IrFunction> Undeclared { get; } = new();

    /// <summary>The body could not be followed to its end within the limits.</summary>
    public bool Abandoned { get; set; }

    public bool Completes => Final is not null;
}
