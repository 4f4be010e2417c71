using System.Runtime.InteropServices;

namespace Emulator.Conformance.Silicon;

/// <summary>A byte of scratch memory that an instruction changed: <c>struct change</c> of tests/guests/silicon/protocol.h.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct SiliconChange
{
    public ushort Offset;
    public byte Value;
    private byte _reserved;
}
