namespace Emulator.Runtime;

/// <summary>What is known of one form of an instruction: how it is written and encoded, and what was derived from its semantics.</summary>
public sealed record FormInfo
{
    /// <summary>Name of the instruction in the spec (<c>ADD</c>).</summary>
    public required string Instruction { get; init; }

    /// <summary>Mnemonic in assembly text (<c>add</c>).</summary>
    public required string Mnemonic { get; init; }

    /// <summary>Encoding as the spec writes it (<c>80 /0</c>).</summary>
    public required string Encoding { get; init; }

    /// <summary>Operands as the spec declares them (<c>dst: E&lt;b&gt;, src: I&lt;b&gt;</c>).</summary>
    public string Operands { get; init; } = "";

    /// <summary>The claim: <c>innocuous</c>, <c>privileged</c> or <c>sensitive</c>.</summary>
    public string Mark { get; init; } = "";

    /// <summary>Reason given with a <c>sensitive</c> mark.</summary>
    public string MarkReason { get; init; } = "";

    /// <summary>Chapter the instruction belongs to.</summary>
    public string Chapter { get; init; } = "";

    /// <summary>Spec file, relative to the ISA's folder.</summary>
    public string File { get; init; } = "";

    /// <summary>Line of the form in <see cref="File"/>, from 1; 0 when it was generated without lines (Release builds).</summary>
    public int Line { get; init; }

    /// <summary>States, fields and memories the form may read, by name, sorted.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>States, fields and memories the form may write, by name, sorted.</summary>
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>Traps the form may raise, by name, sorted.</summary>
    public IReadOnlyList<string> Traps { get; init; } = [];

    /// <summary>Flags whose old value matters.</summary>
    public IReadOnlyList<string> FlagsConsumed { get; init; } = [];

    /// <summary>Flags the form may set.</summary>
    public IReadOnlyList<string> FlagsProduced { get; init; } = [];

    /// <summary>Flags and results the manual leaves open, by the name of the `undefined` declaration that decides them.</summary>
    public IReadOnlyList<string> Undefined { get; init; } = [];

    /// <summary>Conditions that must hold before any effect, as written.</summary>
    public IReadOnlyList<string> Gates { get; init; } = [];

    /// <summary>What the engine must know of it.</summary>
    public OpFlags Flags { get; init; }

    /// <summary>Specialised variants generated from the form.</summary>
    public int Variants { get; init; }

    /// <summary>Whether a block ends after it.</summary>
    public bool EndsBlock => (Flags & OpFlags.EndsBlock) != 0;
}
