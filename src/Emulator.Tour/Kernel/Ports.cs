namespace Emulator.Tour.Kernel;

/// <summary>I/O ports of the PC the kernel uses.</summary>
internal static class Ports
{
    public const byte Pic1Command = 0x20;
    public const byte Pic1Data = 0x21;
    public const byte PitChannel0 = 0x40;
    public const byte PitControl = 0x43;
    public const byte Pic2Command = 0xA0;
    public const byte Pic2Data = 0xA1;
    public const byte DebugConsole = 0xE9;
    public const ushort Com1 = 0x3F8;
    public const ushort CrtcIndex = 0x3D4;
    public const ushort DebugExit = 0x501;
}
