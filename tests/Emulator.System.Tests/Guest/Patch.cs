namespace Emulator.System.Tests.Guest;

/// <summary>Bytes to write before a scenario starts; null clears the memory.</summary>
internal sealed record Patch(uint Address, int Length, byte[]? Bytes);
