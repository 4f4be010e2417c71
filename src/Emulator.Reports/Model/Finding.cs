namespace Emulator.Reports.Model;

/// <summary>A diagnostic.</summary>
/// <param name="Id">PG0001 to PG0008.</param>
/// <param name="Severity">error, warning or info.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="File">Spec file.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Related">Places that explain it.</param>
public sealed record Finding(string Id, string Severity, string Message, string File, int Line, int Column, IReadOnlyList<ChainLink> Related);
