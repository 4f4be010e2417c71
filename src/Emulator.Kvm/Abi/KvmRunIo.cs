using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>kvm_run.io</c>: <see cref="Count"/> times <see cref="Size"/> packed bytes at <see cref="DataOffset"/> of the mapping.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmRunIo
{
    /// <summary>Values of <see cref="Direction"/>: the client supplies the data, or takes it.</summary>
    public const byte In = 0, Out = 1;

    public byte Direction;

    /// <summary>Bytes of one element: 1, 2 or 4.</summary>
    public byte Size;
    public ushort Port;
    public uint Count;

    /// <summary>Where the data is, from the start of the mapping in bytes: 0x1000.</summary>
    public ulong DataOffset;
}
