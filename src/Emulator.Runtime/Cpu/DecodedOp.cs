using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>One decoded operation of a basic block: a handler and the operands resolved while decoding (64 bytes, one cache line).</summary>
/// <remarks>
/// The compiler of specs assigns every decode-time value a body reads to one of the slots below: values wider than 32 bits to
/// <see cref="U0"/> or <see cref="U1"/>, wider than 8 to <see cref="W0"/> or <see cref="W1"/> (then the U slots), the rest to B slots, register references
/// to R slots as byte offsets into the state structure.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public unsafe struct DecodedOp
{
    /// <summary>The specialised handler; returns null to leave the block.</summary>
    public delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Handler;

    /// <summary>Value of the program counter at this instruction.</summary>
    public ulong Pc;

    public ulong U0, U1;
    public uint W0, W1;
    public ushort R0, R1, R2, R3;
    public byte B0, B1, B2, B3, B4, B5, B6, B7;

    /// <summary>Variant (form, axis values and operand alternatives) in the generated variant table.</summary>
    public ushort Variant;

    /// <summary>Position in the block, from 0.</summary>
    public ushort Index;

    /// <summary>Length in bytes.</summary>
    public byte Length;

    /// <summary><see cref="OpFlags"/> of the variant.</summary>
    public OpFlags Flags;
}
