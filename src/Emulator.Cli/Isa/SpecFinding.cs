namespace Emulator.Cli.Isa;

/// <summary>A diagnostic about a spec, ready to print.</summary>
/// <param name="IsError">Whether it stops generation.</param>
/// <param name="Text">Place, severity, id and message, as MSBuild prints them.</param>
internal sealed record SpecFinding(bool IsError, string Text);
