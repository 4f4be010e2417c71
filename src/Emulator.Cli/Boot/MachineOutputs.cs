namespace Emulator.Cli.Boot;

/// <summary>Where bytes leave the machine.</summary>
/// <param name="DebugConsole">Ports 0x402 and 0xE9.</param>
/// <param name="Serial">COM1.</param>
internal sealed record MachineOutputs(Action<byte> DebugConsole, Action<byte> Serial);
