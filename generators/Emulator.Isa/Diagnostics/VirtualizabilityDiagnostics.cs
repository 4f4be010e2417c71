namespace Emulator.Isa.Diagnostics;

/// <summary>PG0xxx: marks against what the semantics say (docs/popek-goldberg.md).</summary>
public static class VirtualizabilityDiagnostics
{
    public static readonly DiagnosticDescriptor Critical = new("PG0001", "A sensitive instruction does not trap", Severity.Error);

    /// <summary>The same where the spec says why: <c>sensitive "reason"</c>.</summary>
    public static DiagnosticDescriptor AcknowledgedCritical { get; } = Critical with { Severity = Severity.Info };

    public static readonly DiagnosticDescriptor NotInnocuous = new("PG0002", "An instruction marked innocuous is sensitive", Severity.Error);
    public static readonly DiagnosticDescriptor NotPrivileged = new("PG0003", "An instruction marked privileged does not always trap", Severity.Error);
    public static readonly DiagnosticDescriptor NotSensitive = new("PG0004", "An instruction marked sensitive is not, or its reason is stale", Severity.Warning);
    public static readonly DiagnosticDescriptor TrapsEverywhere = new("PG0005", "An instruction marked privileged may trap in the monitor's mode too", Severity.Info);
    public static readonly DiagnosticDescriptor Unexpected = new("PG0006", "The verdict differs from the committed one", Severity.Error);
    public static readonly DiagnosticDescriptor NotFollowed = new("PG0007", "The semantics cannot be followed", Severity.Error);
    public static readonly DiagnosticDescriptor EmptyProfile = new("PG0008", "A profile describes no state of the monitor or of the guest", Severity.Error);
}
