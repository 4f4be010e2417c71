namespace Emulator.Cli.Isa;

/// <summary>What a check of specs does beside compiling.</summary>
/// <param name="Virtualizability">Derives what every form is in the sense of Popek and Goldberg, and compares it with the marks.</param>
/// <param name="Holes">Most ranges of encodings without a form to list; 0 for none.</param>
internal sealed record SpecCheckOptions(bool Virtualizability, int Holes);
