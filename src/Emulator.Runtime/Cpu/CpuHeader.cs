using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>The part of every generated state structure that the engine knows; it stands first, at offset 0.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CpuHeader
{
    /// <summary>Instructions that may still start before the engine must look at its deadlines. A block subtracts its length on entry.</summary>
    public long Remaining;

    /// <summary>The operation that raised <see cref="Trap"/>, or that left the block early.</summary>
    public DecodedOp* TrapOp;

    /// <summary>Arguments of the pending trap.</summary>
    public ulong TrapA, TrapB;

    /// <summary>Trap identity (index in the generated trap table) plus one; 0 when none is pending.</summary>
    public uint Trap;

    /// <summary>Index of the managed <see cref="CpuContext"/> in <see cref="CpuContext.All"/>.</summary>
    public int ContextId;

    /// <summary>Why the engine must not go straight on: bit 0 when the spec's `attention` condition holds (`on boundary` runs before the next instruction), bit 1 when
    /// `idle` or `stopped` does.</summary>
    public byte Attention;

    /// <summary>Non-zero when a state was written that the decode context reads; the engine then looks up blocks afresh.</summary>
    public byte ContextStale;

    /// <summary>Non-zero when a restartable operation was suspended at a commit and must be executed again.</summary>
    public byte Suspended;

    /// <summary>Non-zero asks the engine to leave its loop at the next block boundary (set from any thread).</summary>
    public byte StopRequested;

    /// <summary>16 zero bytes: where a register reference of `none` and a hard-wired zero register read.</summary>
    public ulong Zero0, Zero1;

    /// <summary>Scratch: where writes to a hard-wired register go.</summary>
    public ulong Sink0, Sink1;
}
