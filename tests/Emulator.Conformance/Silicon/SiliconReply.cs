using System.Runtime.InteropServices;

namespace Emulator.Conformance.Silicon;

/// <summary>What an instruction did: <c>struct reply</c> of tests/guests/silicon/protocol.h; <see cref="Changes"/> changed bytes follow it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct SiliconReply
{
    /// <summary><see cref="Vector"/> when no exception was raised.</summary>
    public const byte NoVector = 0xFF;

    public byte Vector;
    private byte _reserved;
    public ushort Changes;
    public uint Eip;
    public uint ErrorCode;
    public SiliconCase.Registers Gpr;
    public uint Eflags;
    public ushort Ds, Es, Fs, Gs;
    public uint FaultAddress;

    /// <summary>Whether control went to an address that is not mapped: the transfer itself completed.</summary>
    public readonly bool IsFetchFault => Vector == 14 && FaultAddress == Eip;
}
