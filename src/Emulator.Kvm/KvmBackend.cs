namespace Emulator.Kvm;

/// <summary>What executes the vCPUs of a <see cref="Kvm"/>.</summary>
public enum KvmBackend
{
    /// <summary>The machine generated from the description, with nothing between it and the guest.</summary>
    Bare,

    /// <summary>The same machine under the trap-and-emulate monitor: the guest's kernel runs deprivileged, critical instructions (x86 has some) are patched.</summary>
    TrapAndEmulate,

    /// <summary>The same machine under the monitor that uses the processor's VMX operation: the guest runs in non-root operation.</summary>
    Vmx,
}
