namespace Emulator.System.Tests.Guest;

/// <summary>Descriptors as their eight bytes (Intel SDM volume 3, 3.4.5, 5.8.3, 6.11 and 7.2).</summary>
internal static class Descriptor
{
    // Types with the S bit: 0x10 up are segments, below are system segments and gates.
    public const int Tss16 = 0x01, LdtType = 0x02, CallGate16 = 0x04, TaskGateType = 0x05, InterruptGate16 = 0x06, TrapGate16 = 0x07;
    public const int Tss32 = 0x09, BusyTss32 = 0x0B, CallGate32 = 0x0C, InterruptGate32 = 0x0E, TrapGate32 = 0x0F;
    public const int ReadOnly = 0x11, Data = 0x13, ExpandDown = 0x17, ExecuteOnly = 0x19, Code = 0x1B, Conforming = 0x1F;

    /// <summary>A segment; a limit above 1 MB is given in pages.</summary>
    public static ulong Segment(uint start, uint limit, int type, int level = 0, bool present = true, bool wide = true)
    {
        var pages = limit > 0xFFFFF;
        ulong scaled = pages ? limit >> 12 : limit;
        var access = (uint)type | ((uint)level << 5) | (present ? 0x80u : 0);
        var size = (pages ? 8UL : 0) | (wide && type >= 0x10 ? 4UL : 0);
        return (scaled & 0xFFFF) | ((ulong)(start & 0xFFFFFF) << 16) | ((ulong)access << 40) | ((scaled >> 16) << 48) | (size << 52) | ((ulong)(start >> 24) << 56);
    }

    /// <summary>The whole address space from 0.</summary>
    public static ulong Flat(int type, int level = 0, bool present = true, bool wide = true) => Segment(0, 0xFFFFFFFF, type, level, present, wide);

    /// <summary>A call, interrupt, trap or task gate.</summary>
    public static ulong Gate(ushort selector, uint offset, int type, int level = 0, bool present = true, int parameters = 0) =>
        (offset & 0xFFFF) | ((ulong)selector << 16) | ((ulong)(uint)parameters << 32)
        | ((ulong)((uint)type | ((uint)level << 5) | (present ? 0x80u : 0)) << 40) | ((ulong)(offset >> 16) << 48);
}
