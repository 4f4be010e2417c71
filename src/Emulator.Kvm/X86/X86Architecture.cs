using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>What of the system and of VMs is x86's.</summary>
internal sealed class X86Architecture : GuestArchitecture
{
    // `pmem` of isa/x86/memory.isa.
    private const int Bits = 36;
    private const uint Extended = 0x8000_0000;

    // CPUID leaf 7 is the only one of the description that tells leaves apart by ECX.
    private const uint StructuredFeatures = 7;

    // KVM_SET_TSS_ADDR: three pages must fit below 4 GB.
    private const ulong LastTssAddress = 0xFFFF_FFFF - 3 * (ulong)PhysicalMemory.PageSize + 1;

    private static readonly Lazy<KvmCpuidEntry2[]> s_cpuid = new(DescribeCpuid);
    private static readonly Lazy<uint[]> s_msrs = new(DescribeMsrs);

    /// <inheritdoc/>
    public override int AddressBits => Bits;

    /// <inheritdoc/>
    public override KvmVcpu CreateVcpu(KvmVm vm, GeneratedMachine machine, int id, KvmBackend backend) => new X86Vcpu(vm, id, new X86GeneratedVcpu(machine, backend));

    /// <inheritdoc/>
    public override ReadOnlySpan<uint> MsrIndices() => s_msrs.Value;

    /// <inheritdoc/>
    public override ReadOnlySpan<KvmCpuidEntry2> SupportedCpuid() => s_cpuid.Value;

    /// <inheritdoc/>
    public override void CheckTssAddr(ulong address)
    {
        if (address > LastTssAddress)
            throw new KvmException(Errno.EINVAL, "KVM_SET_TSS_ADDR", $"three pages at 0x{address:x} do not lie below 4 GB", $"use 0x{LastTssAddress:x} at most");
    }

    /// <inheritdoc/>
    protected override bool HasOwn(KvmCapability capability) => capability is KvmCapability.SetTssAddr or KvmCapability.ExtCpuid;

    private static KvmCpuidEntry2[] DescribeCpuid()
    {
        using var machine = new GeneratedMachine(Bits);
        using var vcpu = new X86GeneratedVcpu(machine, KvmBackend.Bare);
        var entries = new List<KvmCpuidEntry2>();
        foreach (var first in (uint[])[0, Extended])
        {
            var last = vcpu.Identify(first, 0).Eax;
            for (var leaf = first; leaf <= last; leaf++)
            {
                var entry = vcpu.Identify(leaf, 0);
                entry.Flags = leaf == StructuredFeatures ? KvmCpuidEntry2.SignificantIndex : 0;
                entries.Add(entry);
            }
        }

        return [.. entries];
    }

    /// <summary>The registers RDMSR of the description knows, in the two ranges P6 processors have any in.</summary>
    private static uint[] DescribeMsrs()
    {
        const uint Low = 0x400, High = 0xC000_0000, HighCount = 0x400;
        using var machine = new GeneratedMachine(Bits);
        using var vcpu = new X86GeneratedVcpu(machine, KvmBackend.Bare);
        var indices = new List<uint>();
        for (uint i = 0; i < Low; i++)
            Add(i);
        for (var i = High; i < High + HighCount; i++)
            Add(i);
        return [.. indices];

        void Add(uint index)
        {
            if (vcpu.ReadMsr(index, out _))
                indices.Add(index);
        }
    }
}
