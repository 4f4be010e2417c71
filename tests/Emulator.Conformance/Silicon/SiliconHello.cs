using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Emulator.Conformance.Silicon;

/// <summary>What the harness says of itself: <c>struct hello</c> of tests/guests/silicon/protocol.h.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct SiliconHello
{
    /// <summary>Expected <see cref="Magic"/>.</summary>
    public const uint ExpectedMagic = 0x334C4953;

    public uint Magic;
    public ushort Cs, Ds, Es, Fs, Gs, Ss;
    public uint CodeEntry, PadBack, PadAhead, Scratch, ScratchSize;
    private Brand _cpu;

    /// <summary>Brand string of the processor.</summary>
    public readonly string Cpu => Encoding.ASCII.GetString(((ReadOnlySpan<byte>)_cpu)).TrimEnd('\0', ' ').Trim();

    [InlineArray(48)]
    private struct Brand
    {
        private byte _first;
    }
}
