using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <summary>A state or part of one as names see it: an atom, a whole of bit fields, or a record.</summary>
internal sealed class StateNode(string name, int width, int count)
{
    public string Name { get; } = name;

    /// <summary>Width in bits; 0 for a record.</summary>
    public int Width { get; } = width;

    /// <summary>Number of elements of the array it belongs to; 0 for none.</summary>
    public int Count { get; } = count;

    public bool Signed { get; set; }

    public StateAtom? Atom { get; set; }

    public WholeState? Whole { get; set; }

    public Dictionary<string, StateNode> Fields { get; } = new(StringComparer.Ordinal);

    public List<StateMember.View> ViewSyntax { get; } = new();

    public List<StateView> Views { get; } = new();
}
