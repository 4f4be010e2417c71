namespace Emulator.Isa.Diagnostics;

/// <summary>ISA2010 and up: what the encodings of an instruction set say together.</summary>
public static class EncodingDiagnostics
{
    public static readonly DiagnosticDescriptor Overlap = new("ISA2010", "Two forms match the same bytes", Severity.Error);
    public static readonly DiagnosticDescriptor Unreachable = new("ISA2011", "A form can never match", Severity.Error);
    public static readonly DiagnosticDescriptor UnusedOver = new("ISA2012", "An 'over' that decides nothing", Severity.Warning);
    public static readonly DiagnosticDescriptor LengthUnknown = new("ISA2013", "The length is not known while bytes are still taken", Severity.Error);
    public static readonly DiagnosticDescriptor TooManyValues = new("ISA2014", "A body reads more decode values than a decoded operation keeps", Severity.Error);
    public static readonly DiagnosticDescriptor HiddenAlias = new("ISA2015", "An alias that is never written", Severity.Error);
    public static readonly DiagnosticDescriptor OpenAlias = new("ISA2016", "An alias does not say what the instruction's text says", Severity.Error);
}
