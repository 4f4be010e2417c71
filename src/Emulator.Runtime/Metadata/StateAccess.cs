using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>Reads and writes states by their metadata: for debuggers, tests and reports, not for execution.</summary>
public static unsafe class StateAccess
{
    /// <summary>Value of one atom of a state.</summary>
    /// <param name="h">The CPU; deferred values are computed first.</param>
    /// <param name="state">The state.</param>
    /// <param name="atom">Index in <see cref="StateInfo.Atoms"/>, or -1 for the whole state: of bit fields, composed over the bits that are fixed.</param>
    /// <param name="element">Element of an array; 0 for a scalar.</param>
    public static UInt128 Read<TIsa>(CpuHeader* h, StateInfo state, int atom, int element)
        where TIsa : struct, IIsa
    {
        TIsa.Settle(h);
        if (atom >= 0)
        {
            return Read(h, state.Atoms[atom], element);
        }

        UInt128 value = state.FixedBits;
        foreach (var part in state.Atoms)
        {
            value |= Read(h, part, element) << part.Low;
        }

        return value;
    }

    /// <summary>Sets one atom of a state, or (-1) the whole state, and recomputes what is derived.</summary>
    /// <inheritdoc cref="Read{TIsa}"/>
    /// <param name="value">The value; bits that do not fit are dropped.</param>
    public static void Write<TIsa>(CpuHeader* h, StateInfo state, int atom, int element, UInt128 value)
        where TIsa : struct, IIsa
    {
        TIsa.Settle(h);
        if (atom >= 0)
        {
            Write(h, state.Atoms[atom], element, value);
        }
        else
        {
            foreach (var part in state.Atoms)
            {
                Write(h, part, element, value >> part.Low);
            }
        }

        TIsa.RecomputeDerived(h);
    }

    private static UInt128 Read(CpuHeader* h, AtomInfo atom, int element)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        Place(h, atom, element).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    private static void Write(CpuHeader* h, AtomInfo atom, int element, UInt128 value)
    {
        if (atom.Width < 128)
        {
            value &= (UInt128.One << atom.Width) - 1;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        bytes[..atom.Size].CopyTo(Place(h, atom, element));
    }

    private static Span<byte> Place(CpuHeader* h, AtomInfo atom, int element) => MemoryMarshal.CreateSpan(ref *((byte*)h + atom.Offset + element * atom.Stride), atom.Size);
}
