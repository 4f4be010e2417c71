namespace Emulator.Isa.Semantics;

/// <summary>
/// Fields usually assigned together from a pure function. A deferred assignment stores the function's number and its arguments; a field is
/// computed when it is read.
/// </summary>
public sealed class DeferredGroup(string name)
{
    public string Name { get; } = name;

    public List<StateAtom> Fields { get; } = new();

    /// <summary>Functions assigned anywhere in the spec; a function's number is its position plus one (0: the fields are materialised).</summary>
    public List<IrFunction> Functions { get; } = new();

    /// <summary>Most arguments of any of the functions, and their greatest width.</summary>
    public int MaxArguments => Functions.Count == 0 ? 0 : Functions.Max(f => f.Parameters.Length);

    public int MaxArgumentWidth => Functions.Count == 0 ? 0 : Functions.Max(f => f.Parameters.Length == 0 ? 0 : f.Parameters.Max(p => p.Width));
}
