using System.Runtime.InteropServices;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>What QEMU's Arm processor made of a case (arm.s).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ArmReply
{
    /// <summary>d0 and x0.</summary>
    public ulong Float, Integer;

    /// <summary>FPSR.</summary>
    public ulong Status;
}
