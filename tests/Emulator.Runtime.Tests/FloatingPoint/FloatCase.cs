using System.Runtime.InteropServices;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>An instruction for the native harness (tests/guests/floats).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FloatCase
{
    /// <summary>Encodings of the operands, or an integer.</summary>
    public ulong A, B, C;

    /// <summary>The operation; single precision where <see cref="Single"/> is added.</summary>
    public uint Operation;

    /// <summary>MXCSR.</summary>
    public uint Control;

    /// <summary>Added to an operation: in single precision.</summary>
    public const uint Single = 0x100;
}
