namespace Emulator.Isa.Diagnostics;

/// <summary>ISA1xxx: files and names.</summary>
public static class BindingDiagnostics
{
    public static readonly DiagnosticDescriptor MissingInclude = new("ISA1001", "Included file is missing", Severity.Error);
    public static readonly DiagnosticDescriptor OrphanChapter = new("ISA1002", "Chapter belongs to no instruction set", Severity.Error);
    public static readonly DiagnosticDescriptor DuplicateIsa = new("ISA1004", "Instruction set is declared twice", Severity.Error);
    public static readonly DiagnosticDescriptor DuplicateInclude = new("ISA1003", "File is included twice", Severity.Error);
}
