using System.Runtime.InteropServices;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>What the processor made of a case.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FloatReply
{
    /// <summary>The result; of a comparison the low byte of EFLAGS.</summary>
    public ulong Value;

    /// <summary>The exceptions, as in MXCSR.</summary>
    public uint Status;

    /// <summary>Padding.</summary>
    public uint Unused;
}
