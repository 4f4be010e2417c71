namespace Emulator.Isa.Diagnostics;

/// <summary>How bad a diagnostic is; an error stops generation.</summary>
public enum Severity { Info, Warning, Error }
