using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_segment</c> (24 bytes): a segment register with its hidden part.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmSegment
{
    public ulong Base;

    /// <summary>The last offset, in bytes whatever <see cref="G"/> is.</summary>
    public uint Limit;
    public ushort Selector;
    public byte Type;
    public byte Present, Dpl, Db, S, L, G, Avl;

    /// <summary>1 for a register that a null selector was loaded into.</summary>
    public byte Unusable;
    public byte Padding;
}
