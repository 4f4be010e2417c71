namespace Emulator.Kvm;

/// <summary>What a vCPU of RISC-V has: extensions, identity, and the SBI extensions that are on.</summary>
internal sealed class RiscVConfiguration
{
    // The single letters KVM knows: A C D F H I M V.
    private const ulong Letters = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 21;

    // B of misa is Zba, Zbb and Zbs.
    private const int BitManipulation = 1;

    private readonly ulong _misa;
    private readonly bool[] _sbi = new bool[(int)KvmRiscVSbiExt.Dbcn + 1];

    /// <summary>Looks at the hart; everything of SBI that is not off by default is on.</summary>
    public RiscVConfiguration(IRiscVBackend backend)
    {
        _misa = backend.Extensions;
        SatpMode = backend.Xlen == 64 ? 9ul : 1ul; // Sv48, Sv32
        for (var i = 0; i < _sbi.Length; i++)
            _sbi[i] = Exists((KvmRiscVSbiExt)i) && i != (int)KvmRiscVSbiExt.Dbcn;
    }

    /// <summary>Number of SBI extensions there are numbers for.</summary>
    public int SbiCount => _sbi.Length;

    /// <summary>The single-letter extensions, A at bit 0.</summary>
    public ulong Isa => _misa & Letters;

    /// <summary>What SBI tells of the machine.</summary>
    public ulong VendorId { get; set; }

    /// <inheritdoc cref="VendorId"/>
    public ulong ArchitectureId { get; set; }

    /// <inheritdoc cref="VendorId"/>
    public ulong ImplementationId { get; set; }

    /// <summary>The largest mode satp can have.</summary>
    public ulong SatpMode { get; }

    /// <summary>Whether an extension exists; it is always on.</summary>
    public bool Has(KvmRiscVIsaExt extension) => extension switch
    {
        KvmRiscVIsaExt.A => Letter('A'),
        KvmRiscVIsaExt.C => Letter('C'),
        KvmRiscVIsaExt.D => Letter('D'),
        KvmRiscVIsaExt.F => Letter('F'),
        KvmRiscVIsaExt.I => Letter('I'),
        KvmRiscVIsaExt.M => Letter('M'),
        KvmRiscVIsaExt.Zba or KvmRiscVIsaExt.Zbb or KvmRiscVIsaExt.Zbs => (_misa >> BitManipulation & 1) != 0,
        KvmRiscVIsaExt.Zicntr or KvmRiscVIsaExt.Zicsr or KvmRiscVIsaExt.Zifencei => true,
        _ => false,
    };

    /// <summary>Whether an SBI extension can be on.</summary>
    public static bool Exists(KvmRiscVSbiExt extension) => extension is >= KvmRiscVSbiExt.V01 and <= KvmRiscVSbiExt.Dbcn and not KvmRiscVSbiExt.Pmu;

    /// <summary>Whether an SBI extension is on.</summary>
    public bool IsOn(KvmRiscVSbiExt extension) => Exists(extension) && _sbi[(int)extension];

    /// <summary>Switches one on or off, if it exists.</summary>
    public void Switch(KvmRiscVSbiExt extension, bool on)
    {
        if (Exists(extension))
            _sbi[(int)extension] = on;
    }

    private bool Letter(char letter) => (_misa >> (letter - 'A') & 1) != 0;
}
