using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_run</c>: page 0 of a vCPU's mapping, at the offsets of the kernel's uapi header.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public unsafe struct KvmRun
{
    /// <summary>In: 1 asks for <see cref="KvmExitReason.IrqWindowOpen"/> once the guest can take an interrupt.</summary>
    [FieldOffset(0)] public byte RequestInterruptWindow;

    /// <summary>In: not 0 makes a run return EINTR as soon as the instruction under way is completed.</summary>
    [FieldOffset(1)] public byte ImmediateExit;

    [FieldOffset(8)] public KvmExitReason ExitReason;

    /// <summary>Out, on every exit: 1 when <see cref="IKvmVcpu.Interrupt"/> may be called: IF is set, nothing holds interrupts back, no event is pending.</summary>
    [FieldOffset(12)] public byte ReadyForInterruptInjection;

    /// <summary>Out, on every exit: RFLAGS.IF.</summary>
    [FieldOffset(13)] public byte IfFlag;

    [FieldOffset(14)] public ushort Flags;

    /// <summary>The task-priority register, in on entry and out on every exit.</summary>
    [FieldOffset(16)] public ulong Cr8;

    /// <summary>Out, on every exit: the APIC base register.</summary>
    [FieldOffset(24)] public ulong ApicBase;

    /// <summary>Of <see cref="KvmExitReason.Io"/>.</summary>
    [FieldOffset(32)] public KvmRunIo Io;

    /// <summary>Of <see cref="KvmExitReason.Mmio"/>.</summary>
    [FieldOffset(32)] public KvmRunMmio Mmio;

    /// <summary>Of <see cref="KvmExitReason.InternalError"/>.</summary>
    [FieldOffset(32)] public KvmRunInternal Internal;

    /// <summary>Of <see cref="KvmExitReason.FailEntry"/>.</summary>
    [FieldOffset(32)] public KvmRunFailEntry FailEntry;

    /// <summary>Of <see cref="KvmExitReason.SystemEvent"/>.</summary>
    [FieldOffset(32)] public KvmRunSystemEvent SystemEvent;

    /// <summary>Of <see cref="KvmExitReason.RiscVSbi"/>.</summary>
    [FieldOffset(32)] public KvmRunRiscVSbi RiscVSbi;
}
