using System.Collections.Immutable;
using System.Numerics;

namespace Emulator.Isa.Semantics;

/// <summary>A bound ISA instance: what every back end and analysis consumes.</summary>
public sealed class IsaModel(string name)
{
    /// <summary>Name of the instance as in the spec (<c>rv32</c>) or of the ISA.</summary>
    public string Name { get; } = name;

    public List<StateAtom> Atoms { get; } = new();

    /// <summary>States made of bit fields.</summary>
    public List<WholeState> Wholes { get; } = new();

    /// <summary>Other names of states: <c>EAX</c> is element 0 of <c>GPR</c>, <c>CS</c> element 1 of every atom below <c>SEG</c>.</summary>
    public Dictionary<string, (string State, int Index)> Aliases { get; } = new(StringComparer.Ordinal);

    public List<StateView> Views { get; } = new();

    public List<DeferredGroup> Groups { get; } = new();

    public List<MemorySpec> Memories { get; } = new();

    public List<TrapSpec> Traps { get; } = new();

    public List<IrTable> Tables { get; } = new();

    private readonly Dictionary<IrFunction, IrStmt.Block> revised = new();

    /// <summary>All functions reached from bodies and hooks, externs included.</summary>
    public List<IrFunction> Functions { get; } = new();

    public List<IrFunction> Externs { get; } = new();

    public DecodeModel Decode { get; private set; } = new();

    public List<InstructionModel> Instructions { get; } = new();

    public List<VariantModel> Variants { get; } = new();

    /// <summary><c>on trap</c> (trap number, a, b: widths as declared), <c>on boundary</c>, <c>on reset</c>; null when absent.</summary>
    public IrFunction? OnTrap { get; set; }

    public IrFunction? OnBoundary { get; set; }

    public IrFunction? OnReset { get; set; }

    /// <summary>Conditions as functions without parameters; null when absent (false). `attention` is also kept up to date in the header.</summary>
    public IrFunction? Attention { get; set; }

    public IrFunction? Idle { get; set; }

    public IrFunction? Stopped { get; set; }

    /// <summary>Names of the values of the mode state.</summary>
    public List<(string Name, BigInteger Value)> Modes { get; } = new();

    public StateAtom? ModeAtom { get; set; }

    public List<ProfileModel> Profiles { get; } = new();

    /// <summary>The body of a function or instruction in this model: what a revision gave the function, or else what it was bound with.</summary>
    public IrStmt.Block BodyOf(IrFunction function) => revised.TryGetValue(function, out IrStmt.Block? body) ? body : function.Body;

    /// <summary>Gives a function another body; other models of which it is a part keep theirs.</summary>
    internal void Revise(IrFunction function, IrStmt.Block body) => revised[function] = body;

    /// <summary>A model with lists of its own of the same parts.</summary>
    internal IsaModel Copy()
    {
        var copy = new IsaModel(Name)
        {
            Decode = Decode.Copy(), OnTrap = OnTrap, OnBoundary = OnBoundary, OnReset = OnReset, Attention = Attention, Idle = Idle, Stopped = Stopped, ModeAtom = ModeAtom,
        };
        copy.Atoms.AddRange(Atoms);
        copy.Wholes.AddRange(Wholes);
        foreach (var alias in Aliases) copy.Aliases.Add(alias.Key, alias.Value);
        copy.Views.AddRange(Views);
        copy.Groups.AddRange(Groups);
        copy.Memories.AddRange(Memories);
        copy.Traps.AddRange(Traps);
        copy.Tables.AddRange(Tables);
        copy.Functions.AddRange(Functions);
        copy.Externs.AddRange(Externs);
        copy.Instructions.AddRange(Instructions);
        copy.Variants.AddRange(Variants);
        copy.Modes.AddRange(Modes);
        copy.Profiles.AddRange(Profiles);
        foreach (var body in revised) copy.revised.Add(body.Key, body.Value);
        return copy;
    }
}
