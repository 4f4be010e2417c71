namespace Emulator.Isa.Diagnostics;

/// <summary>Diagnostics of binding names, types and encodings; one meaning each, forever.</summary>
public static class SemanticDiagnostics
{
    private static DiagnosticDescriptor Error(string id, string title) => new(id, title, Severity.Error);

    public static readonly DiagnosticDescriptor DuplicateName = Error("ISA1010", "A name is declared twice");
    public static readonly DiagnosticDescriptor UnknownName = Error("ISA1011", "A name is not declared");
    public static readonly DiagnosticDescriptor WrongKind = Error("ISA1012", "A name stands for another kind of thing than the place needs");
    public static readonly DiagnosticDescriptor WrongArguments = Error("ISA1013", "A wrong number of arguments");
    public static readonly DiagnosticDescriptor NotConstant = Error("ISA1014", "A constant is needed");
    public static readonly DiagnosticDescriptor WidthArguments = Error("ISA1015", "Width arguments are missing, too many, or cannot be inferred");
    public static readonly DiagnosticDescriptor MissingDeclaration = Error("ISA1016", "The ISA lacks a declaration it must have");
    public static readonly DiagnosticDescriptor BadParameter = Error("ISA1017", "A parameter value outside its set");

    public static readonly DiagnosticDescriptor OutOfRange = Error("ISA1018", "A number is outside its range");

    public static readonly DiagnosticDescriptor Unused = new("ISA1019", "A definition is never used", Severity.Warning);

    public static readonly DiagnosticDescriptor BadFormat = Error("ISA2001", "The fields of a format do not fill it exactly");
    public static readonly DiagnosticDescriptor BadFieldValue = Error("ISA2002", "A field value does not fit");
    public static readonly DiagnosticDescriptor BadForm = Error("ISA2003", "A form does not fit the kind of decoding");
    public static readonly DiagnosticDescriptor BadOperand = Error("ISA2004", "An operand production does not denote a register, a value or a memory element");
    public static readonly DiagnosticDescriptor BadView = Error("ISA2005", "A view element is not a whole number of bytes of one register");

    public static readonly DiagnosticDescriptor WidthMismatch = Error("ISA3001", "Widths differ");
    public static readonly DiagnosticDescriptor LiteralTooLarge = Error("ISA3002", "A literal does not fit its width");
    public static readonly DiagnosticDescriptor NotAPlace = Error("ISA3003", "This cannot be assigned");
    public static readonly DiagnosticDescriptor NoResult = Error("ISA3004", "A function does not return on every path, or a procedure returns a value");
    public static readonly DiagnosticDescriptor NotPure = Error("ISA3005", "Only a pure expression may stand here");
    public static readonly DiagnosticDescriptor NotHere = Error("ISA3006", "This may not stand here");
    public static readonly DiagnosticDescriptor UndefinedRead = new("ISA3008", "A field is read after the manual left it undefined", Severity.Warning);
    public static readonly DiagnosticDescriptor NoWidth = Error("ISA3007", "The width of a literal is not known here");
}
