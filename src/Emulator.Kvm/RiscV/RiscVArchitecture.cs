namespace Emulator.Kvm;

/// <summary>What of the system and of VMs is RISC-V's.</summary>
internal abstract class RiscVArchitecture : GuestArchitecture
{
    /// <inheritdoc/>
    protected override bool HasGpaBits => true;

    /// <inheritdoc/>
    public override GeneratedMachine CreateMachine() => new RiscVMachine(AddressBits);

    /// <inheritdoc/>
    public override KvmVcpu CreateVcpu(KvmVm vm, GeneratedMachine machine, int id, KvmBackend backend)
    {
        var shared = (RiscVMachine)machine;
        return new RiscVVcpu(vm, shared, id, CreateBackend(shared, id, backend));
    }

    /// <inheritdoc/>
    protected override bool HasOwn(KvmCapability capability) => capability is KvmCapability.OneReg or KvmCapability.SyncMmu;

    /// <summary>Makes what executes a vCPU.</summary>
    protected abstract IRiscVBackend CreateBackend(RiscVMachine machine, int id, KvmBackend backend);
}
