namespace Emulator.Isa.Syntax;

/// <summary>The words of the language, by where they mean something.</summary>
internal static class Words
{
    /// <summary>Never names of anything.</summary>
    public static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "let", "var", "if", "else", "match", "while", "for", "in", "as", "raise", "require", "return", "when", "true", "false",
    };

    /// <summary>Begin a statement.</summary>
    public static readonly HashSet<string> Statements = new(StringComparer.Ordinal)
    {
        "let", "var", "if", "match", "while", "for", "raise", "require", "return", "flush", "commit", "fetch",
    };

    /// <summary>Begin a declaration of a chapter.</summary>
    public static readonly HashSet<string> Declarations = new(StringComparer.Ordinal)
    {
        "chapter", "include", "param", "instance", "state", "derived", "group", "enum", "const", "table", "memory", "space", "function",
        "procedure", "trap", "extern", "undefined", "on", "attention", "idle", "stopped", "modes", "profile", "decode", "instruction",
    };

    public static readonly string[] DecodeItems =
    {
        "axis", "var", "field", "attribute", "prefix", "procedure", "width", "reject", "value", "derive", "let", "operand", "text", "format",
    };

    public static readonly string[] InstructionItems = { "form", "asm", "alias", "require", "restartable", "do" };
    public static readonly string[] Marks = { "innocuous", "privileged", "sensitive" };
    public static readonly string[] Attributes = { "pc", "hidden", "keep", "resource", "reset", "on", "names" };
    public static readonly string[] Roles = { "mode", "relocation", "interrupt", "timer", "io", "identity" };
    public static readonly string[] TrapClasses = { "fault", "trap", "abort" };
    public static readonly string[] TrapKinds = { "undefined", "protection", "memory", "arithmetic", "debug", "software", "external" };
    public static readonly string[] Hooks = { "trap", "boundary", "reset" };
    public static readonly string[] ProfileClauses = { "monitor", "guest", "hold", "intercept", "own" };
    public static readonly string[] MemoryClauses = { "little", "big", "bus", "paged", "by", "over", "per" };
    public static readonly string[] ExternClauses = { "reads", "writes", "raises", "pure" };
    public static readonly string[] DecodeClauses = { "max", "else", "fetch", "by" };
    public static readonly string[] SpaceParts = { "read", "write" };
}
