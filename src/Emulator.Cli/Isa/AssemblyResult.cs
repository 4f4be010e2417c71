namespace Emulator.Cli.Isa;

/// <summary>Bytes of an instruction, or why there are none.</summary>
/// <param name="Bytes">The encoding; empty when there is none.</param>
/// <param name="Error">What is wrong with the text; null when nothing is.</param>
internal sealed record AssemblyResult(byte[] Bytes, string? Error);
