namespace Emulator.Runtime.Assembly;

/// <summary>What a spec says of decoding and assembly text, as the assembler searches it. Read from the text the compiler of specs generates.</summary>
internal sealed class AssemblyGrammar
{
    private AssemblyGrammar(GrammarReader reader)
    {
        Words = reader.Words;
        BigEndian = reader.BigEndian;
        MaxLength = reader.MaxLength;
        SlashField = reader.SlashField;
        SlashPart = reader.SlashPart;
        Variables = [.. reader.Variables];
        Modes = reader.Modes;
        Prefixes = [.. reader.Prefixes];
        Rejects = [.. reader.Rejects];
        Texts = [.. reader.Texts];
        PrefixVariables = [.. Prefixes.SelectMany(p => DecodeStatement.Sets(p.Body)).Distinct()];
    }

    /// <summary>Reads a grammar.</summary>
    /// <exception cref="FormatException">The text is none: the compiler of specs and this library do not belong together.</exception>
    public static AssemblyGrammar Read(string text) => new(new GrammarReader(text));

    /// <summary>Instruction words, not bytes with prefixes.</summary>
    public bool Words { get; }

    /// <summary>Byte order of instruction words.</summary>
    public bool BigEndian { get; }

    public int MaxLength { get; }

    public DecodeVariable? SlashField { get; }

    public DecodeVariable? SlashPart { get; }

    /// <summary>Decode values, locals of decode procedures included.</summary>
    public DecodeVariable[] Variables { get; }

    /// <summary>Number of values that make up a mode.</summary>
    public int Modes { get; }

    public (byte Byte, DecodeStatement[] Body)[] Prefixes { get; }

    /// <summary>Variables that prefixes set.</summary>
    public DecodeVariable[] PrefixVariables { get; }

    /// <summary>Conditions under which a decoded instruction is rejected after all.</summary>
    public DecodeExpression[] Rejects { get; }

    /// <summary>Texts of all forms, in the order of the spec.</summary>
    public FormText[] Texts { get; }
}
