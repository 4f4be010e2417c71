using System.Runtime.InteropServices;

namespace Emulator.RiscV.Tests.Floats;

/// <summary>Registers before an instruction (Programs/floats.S).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FloatRecord
{
    /// <summary>The operands fa1, fa2, fa3, what the destination holds, and an integer operand t1.</summary>
    public ulong A1, A2, A3, A0, T1;

    /// <summary>fcsr; 64 bits for the alignment.</summary>
    public ulong Fcsr;
}
