namespace Emulator.Isa.Generators;

/// <summary>Names under which the driver tracks the stages of <see cref="IsaGenerator"/>; tests assert why each ran.</summary>
public static class Stages
{
    /// <summary>A file is parsed; runs for every edit of its text.</summary>
    public const string Parse = nameof(Parse);

    /// <summary>A file as far as it means something: unchanged by an edit of comments or blanks (unless lines are generated).</summary>
    public const string Meaning = nameof(Meaning);

    /// <summary>Files are grouped by instruction set.</summary>
    public const string Group = nameof(Group);

    /// <summary>The files of one instruction set.</summary>
    public const string Isa = nameof(Isa);

    /// <summary>An instruction set is bound and analysed.</summary>
    public const string Bind = nameof(Bind);

    /// <summary>An instruction set as far as decoding depends on it: unchanged by an edit of a body.</summary>
    public const string Outline = nameof(Outline);

    /// <summary>Its decoder, disassembler and assembler are generated.</summary>
    public const string EmitDecoding = nameof(EmitDecoding);

    /// <summary>Its encodings are checked.</summary>
    public const string CheckEncodings = nameof(CheckEncodings);

    /// <summary>Its code is generated, but for decoding.</summary>
    public const string Emit = nameof(Emit);

    /// <summary>Findings are moved to where their tokens stand now.</summary>
    public const string Locate = nameof(Locate);

    /// <summary>What the project says about generation.</summary>
    public const string Options = nameof(Options);
}
