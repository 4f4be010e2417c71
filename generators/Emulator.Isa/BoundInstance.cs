using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa;

/// <summary>An instance of an instruction set, bound and analysed.</summary>
/// <param name="Name">Name of the instance, or of the instruction set when it has no parameters.</param>
/// <param name="Model">Its model.</param>
/// <param name="Facts">Facts about the model; effects are computed. Null when the spec has errors.</param>
public sealed record BoundInstance(string Name, IsaModel Model, SpecFacts? Facts)
{
    /// <summary>What bound it.</summary>
    internal Binding.Binder? Binder { get; init; }

    /// <summary>What binding this very model found out.</summary>
    internal Binding.Bindings? Bindings { get; init; }
}
