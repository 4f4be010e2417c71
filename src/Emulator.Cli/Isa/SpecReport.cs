namespace Emulator.Cli.Isa;

/// <summary>Outcome of checking a folder of specs.</summary>
/// <param name="Isas">The instruction sets found, each with its number of instructions and forms.</param>
/// <param name="Findings">All diagnostics.</param>
/// <param name="Holes">Encodings that no form has, ready to print.</param>
internal sealed record SpecReport(IReadOnlyList<(string Name, int Instructions, int Forms)> Isas, IReadOnlyList<SpecFinding> Findings, IReadOnlyList<string> Holes);
