namespace Emulator.Runtime;

/// <summary>Everything a tool may want to know of an ISA instance; filled by generated code.</summary>
public sealed record IsaMetadata
{
    /// <summary>Name of the ISA instance.</summary>
    public required string Name { get; init; }

    /// <summary>Forms in the order of the spec.</summary>
    public IReadOnlyList<FormInfo> Forms { get; init; } = [];

    /// <summary>Index in <see cref="Forms"/> of every variant a decoded operation may name.</summary>
    public IReadOnlyList<int> VariantForms { get; init; } = [];

    /// <summary>Traps by identity.</summary>
    public IReadOnlyList<TrapInfo> Traps { get; init; } = [];

    /// <summary>States in the order of the spec.</summary>
    public IReadOnlyList<StateInfo> States { get; init; } = [];

    /// <summary>Memories in the order of the spec.</summary>
    public IReadOnlyList<MemorySpec> Memories { get; init; } = [];

    /// <summary>The form of a decoded operation; null for bytes that decoding rejected.</summary>
    public FormInfo? FormOf(int variant) => (uint)variant < (uint)VariantForms.Count ? Forms[VariantForms[variant]] : null;
}
