using System.Runtime.InteropServices;

namespace Emulator.RiscV.Tests.Floats;

/// <summary>Registers after an instruction (Programs/floats.S).</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct FloatResult
{
    /// <summary>The destinations fa0 and t2.</summary>
    public ulong A0, T2;

    /// <summary>fcsr.</summary>
    public ulong Fcsr;

    public override readonly string ToString() => $"fa0 {A0:x16}, t2 {T2:x}, fcsr {Fcsr:x2}";
}
