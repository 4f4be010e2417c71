using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Semantics;

/// <summary>An instruction: what its forms share.</summary>
public sealed class InstructionModel(string name, SourceSpan nameSpan)
{
    public string Name { get; } = name;

    public SourceSpan NameSpan { get; } = nameSpan;

    public SourceSpan MarkSpan { get; set; }

    /// <summary>innocuous, privileged or sensitive.</summary>
    public string Mark { get; set; } = "";

    public string? Reason { get; set; }

    public string Chapter { get; set; } = "";

    public string Doc { get; set; } = "";

    /// <summary>Conditions that hold before any effect, with their traps, as written.</summary>
    public ImmutableArray<string> Gates { get; set; } = ImmutableArray<string>.Empty;

    public bool Restartable { get; set; }

    public List<FormModel> Forms { get; } = new();
}
