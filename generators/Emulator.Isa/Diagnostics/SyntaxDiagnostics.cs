namespace Emulator.Isa.Diagnostics;

/// <summary>ISA0xxx: what the lexer and the parser report. Each id has a page under docs/diagnostics.</summary>
public static class SyntaxDiagnostics
{
    public static readonly DiagnosticDescriptor UnexpectedToken = Error("ISA0001", "Unexpected text");
    public static readonly DiagnosticDescriptor InvalidCharacter = Error("ISA0002", "Invalid character");
    public static readonly DiagnosticDescriptor UnclosedString = Error("ISA0003", "String is not closed");
    public static readonly DiagnosticDescriptor UnclosedComment = Error("ISA0004", "Comment is not closed");
    public static readonly DiagnosticDescriptor MalformedNumber = Error("ISA0005", "Malformed number");
    public static readonly DiagnosticDescriptor UnknownEscape = Error("ISA0006", "Unknown escape in a string");
    public static readonly DiagnosticDescriptor MissingSemicolon = Error("ISA0007", "Missing semicolon");
    public static readonly DiagnosticDescriptor UnclosedBlock = Error("ISA0008", "Block is not closed");
    public static readonly DiagnosticDescriptor UnknownDeclaration = Error("ISA0009", "Unknown declaration");
    public static readonly DiagnosticDescriptor UnknownWord = Error("ISA0010", "Word not known here");
    public static readonly DiagnosticDescriptor MissingExpression = Error("ISA0011", "Expression expected");
    public static readonly DiagnosticDescriptor MissingType = Error("ISA0012", "Type expected");
    public static readonly DiagnosticDescriptor UnclosedWidths = Error("ISA0013", "Width arguments are not closed");
    public static readonly DiagnosticDescriptor TooDeep = Error("ISA0014", "Nested too deeply");
    public static readonly DiagnosticDescriptor MalformedOpcode = Error("ISA0015", "Malformed opcode byte");
    public static readonly DiagnosticDescriptor MalformedText = Error("ISA0016", "Malformed assembly text");
    public static readonly DiagnosticDescriptor NotAStatement = Error("ISA0017", "Not a statement");
    public static readonly DiagnosticDescriptor GivenTwice = Error("ISA0018", "Given twice");
    public static readonly DiagnosticDescriptor MissingPart = Error("ISA0019", "A required part is missing");
    public static readonly DiagnosticDescriptor Misplaced = Error("ISA0020", "Misplaced declaration");
    public static readonly DiagnosticDescriptor BadBitRange = Error("ISA0021", "Impossible bit positions");
    public static readonly DiagnosticDescriptor NotCallable = Error("ISA0022", "Not callable");

    private static DiagnosticDescriptor Error(string id, string title) => new(id, title, Severity.Error);
}
