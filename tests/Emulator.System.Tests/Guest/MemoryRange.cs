namespace Emulator.System.Tests.Guest;

/// <summary>32-bit words to print when a scenario ends.</summary>
internal sealed record MemoryRange(string Label, uint Address, int Words);
