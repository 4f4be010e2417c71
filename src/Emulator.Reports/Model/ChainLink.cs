namespace Emulator.Reports.Model;

/// <summary>A link of an explanation.</summary>
/// <param name="File">Spec file.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Note">What stands there.</param>
/// <param name="Text">The line.</param>
public sealed record ChainLink(string File, int Line, string Note, string Text);
