using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>What every part of the back end is given: the model, facts about it, and the caller's choices.</summary>
public sealed class EmitContext(IsaModel model, SpecFacts facts, EmitOptions options, CancellationToken cancellation)
{
    public EmitContext(IsaModel model, EmitOptions options, CancellationToken cancellation)
        : this(model, new SpecFacts(model), options, cancellation)
    {
    }

    public IsaModel Model { get; } = model;

    public SpecFacts Facts { get; } = facts;

    public StateLayout Layout { get; } = new(model);

    public EmitOptions Options { get; } = options;

    /// <summary>What the names of generated types begin with: <c>X86</c>.</summary>
    public string P { get; } = CSharpNames.Pascal(model.Name);

    public string Namespace => Options.Namespace;

    public CancellationToken Cancellation { get; } = cancellation;
}
