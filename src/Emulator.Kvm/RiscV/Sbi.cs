namespace Emulator.Kvm;

/// <summary>Numbers of the RISC-V Supervisor Binary Interface (specification 2.0).</summary>
internal static class Sbi
{
    /// <summary>Extensions; those of version 0.1 are functions at the same time.</summary>
    public const ulong LegacySetTimer = 0, LegacyPutChar = 1, LegacyGetChar = 2, LegacyClearIpi = 3, LegacySendIpi = 4, LegacyFenceI = 5, LegacySfence = 6, LegacySfenceAsid = 7,
        LegacyShutdown = 8;

    /// <inheritdoc cref="LegacySetTimer"/>
    public const ulong Base = 0x10, Time = 0x5449_4D45, Ipi = 0x73_5049, Rfence = 0x5246_4E43, Hsm = 0x48_534D, Reset = 0x5352_5354, DebugConsole = 0x4442_434E,
        Experimental = 0x0800_0000, Vendor = 0x0900_0000, VendorEnd = 0x09FF_FFFF;

    /// <summary>Errors: negative numbers in a0.</summary>
    public const ulong Success = 0, NotSupported = ulong.MaxValue - 1, InvalidParam = ulong.MaxValue - 2, AlreadyAvailable = ulong.MaxValue - 5;

    /// <summary>Version 2.0, and the number of KVM among implementations, with a version of its own.</summary>
    public const ulong Version = 2 << 24, Implementation = 3, ImplementationVersion = 6 << 16 | 6 << 8;

    /// <summary>Answers of HSM's status.</summary>
    public const ulong Started = 0, Stopped = 1, Suspended = 4;

    /// <summary>The extension of KVM's numbering that answers a call; null for the one that is always there, and (false) where there is none.</summary>
    public static bool TryFind(ulong extension, out KvmRiscVSbiExt? found)
    {
        found = extension switch
        {
            <= LegacyShutdown => KvmRiscVSbiExt.V01,
            Time => KvmRiscVSbiExt.Time,
            Ipi => KvmRiscVSbiExt.Ipi,
            Rfence => KvmRiscVSbiExt.Rfence,
            Hsm => KvmRiscVSbiExt.Hsm,
            Reset => KvmRiscVSbiExt.Srst,
            DebugConsole => KvmRiscVSbiExt.Dbcn,
            >= Vendor and <= VendorEnd => KvmRiscVSbiExt.Vendor,
            >= Experimental and < Vendor => KvmRiscVSbiExt.Experimental,
            _ => null,
        };
        return found != null || extension == Base;
    }
}
