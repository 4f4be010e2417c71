namespace Emulator.Replay.Check;

/// <summary>A state in which the form under test completed, to begin others with.</summary>
/// <param name="Structure">The state structure.</param>
/// <param name="Encoding">The encoding that completed.</param>
/// <param name="Bytes">Bytes of buses it needs.</param>
internal sealed record Sample(byte[] Structure, Encoding Encoding, IReadOnlyList<(FoldedBus Bus, ulong Address, byte Value)> Bytes);
