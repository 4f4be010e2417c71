namespace Emulator.Isa.Diagnostics;

/// <summary>ISA9xxx: defects of the compiler, never of a spec.</summary>
public static class InternalDiagnostics
{
    public static readonly DiagnosticDescriptor Failure = new("ISA9001", "The compiler of specs failed", Severity.Error);

    /// <summary>What is reported in place of an exception: it says what was being done, and where the exception came from.</summary>
    public static IsaDiagnostic At(SourceSpan span, string stage, Exception exception)
    {
        string place = (exception.StackTrace ?? "").Split('\n')[0].Trim();
        return Failure.At(span, $"{stage} failed; this is a defect of the compiler: {exception.GetType().Name}: {exception.Message} {place}".TrimEnd());
    }
}
