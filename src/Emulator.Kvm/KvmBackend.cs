namespace Emulator.Kvm;

/// <summary>What executes the vCPUs of a <see cref="Kvm"/>.</summary>
public enum KvmBackend
{
    /// <summary>The machine generated from the description, with nothing between it and the guest.</summary>
    Bare,
}
