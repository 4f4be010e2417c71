using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emulator.Conformance.Silicon;

/// <summary>One instruction with everything it may read: <c>struct request</c> of tests/guests/silicon/protocol.h.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct SiliconCase
{
    /// <summary>Words of scratch memory that a case sets.</summary>
    public const int Patches = 4;

    /// <summary>Offset of a patch that is not used.</summary>
    public const ushort NoPatch = 0xFFFF;

    public byte Length;
    private byte _reserved0, _reserved1, _reserved2;
    public CodeBytes Code;
    public Registers Gpr;
    public uint Eflags;
    public uint Seed;
    public PatchOffsets PatchOffset;
    public PatchValues PatchValue;

    /// <summary>The instruction's bytes.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Instruction => ((ReadOnlySpan<byte>)Code)[..Length];

    /// <summary>Scratch memory as the case begins with it.</summary>
    public readonly void FillScratch(Span<byte> scratch)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(scratch);
        uint x = Seed == 0 ? 1 : Seed;
        for (int i = 0; i < words.Length; i++)
        {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            words[i] = x;
        }

        for (int i = 0; i < Patches; i++)
        {
            if (PatchOffset[i] <= scratch.Length - 4)
                MemoryMarshal.Write(scratch[PatchOffset[i]..], PatchValue[i]);
        }
    }

    /// <summary>Bytes of code.</summary>
    [InlineArray(16)]
    public struct CodeBytes
    {
        private byte _first;
    }

    /// <summary>EAX ECX EDX EBX ESP EBP ESI EDI.</summary>
    [InlineArray(8)]
    public struct Registers
    {
        private uint _first;
    }

    /// <summary>Offsets into scratch memory.</summary>
    [InlineArray(Patches)]
    public struct PatchOffsets
    {
        private ushort _first;
    }

    /// <summary>Values to put there.</summary>
    [InlineArray(Patches)]
    public struct PatchValues
    {
        private uint _first;
    }
}
