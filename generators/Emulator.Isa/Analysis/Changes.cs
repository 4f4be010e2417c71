using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>What a revision changed, as far as anything derived or generated can depend on it.</summary>
internal sealed class Changes
{
    /// <summary>Functions with other bodies.</summary>
    public HashSet<IrFunction> Code { get; } = new();

    /// <summary>Functions that call one of those, however indirectly, and they themselves.</summary>
    public HashSet<IrFunction> Reaching { get; } = new();

    /// <summary>Functions that do other things now: what callers depend on.</summary>
    public HashSet<IrFunction> Facts { get; } = new();

    /// <summary>Bodies of instructions that are new.</summary>
    public HashSet<IrFunction> New { get; } = new();

    /// <summary>Bodies of instructions that are new or call a function with another body, however indirectly.</summary>
    public HashSet<IrFunction> Bodies { get; } = new();

    /// <summary>Bodies that do other things now, or end a block where they did not.</summary>
    public HashSet<IrFunction> BodyFacts { get; } = new();
}
