namespace Emulator.Kvm;

/// <summary>The answers of CPUID a client chose with KVM_SET_CPUID2.</summary>
public sealed class CpuidTable
{
    /// <summary>Most entries a client may set.</summary>
    public const int MaxEntries = 256;

    private const uint Extended = 0x8000_0000, ExtendedLast = 0xBFFF_FFFF;

    // EBX of leaf 0 of processors that answer a leaf out of range with zeros: "Auth" of AuthenticAMD, "Hygo" of HygonGenuine.
    private const uint Amd = 0x6874_7541, Hygon = 0x6F67_7948;

    private readonly KvmCpuidEntry2[] _entries;

    /// <summary>Makes a table of a copy of the entries.</summary>
    public CpuidTable(ReadOnlySpan<KvmCpuidEntry2> entries) => _entries = entries.ToArray();

    /// <summary>A table that answers zeros.</summary>
    public static CpuidTable Empty { get; } = new([]);

    /// <summary>What CPUID leaves in the registers: the entry, for a leaf above the highest the highest basic one (SDM vol. 2, CPUID), else zeros.</summary>
    public (uint Eax, uint Ebx, uint Ecx, uint Edx) Look(uint function, uint index)
    {
        var i = Find(function, index);
        if (i < 0)
        {
            var basic = Find(0, 0);
            var top = function is >= Extended and <= ExtendedLast ? Find(Extended, 0) : basic;
            var isInRange = top >= 0 && function <= _entries[top].Eax;
            i = isInRange || basic < 0 || _entries[basic].Ebx is Amd or Hygon ? -1 : Find(_entries[basic].Eax, index);
        }

        return i < 0 ? default : (_entries[i].Eax, _entries[i].Ebx, _entries[i].Ecx, _entries[i].Edx);
    }

    /// <summary>Whether the entries are the same, in the same order.</summary>
    public bool IsSame(ReadOnlySpan<KvmCpuidEntry2> entries)
        => System.Runtime.InteropServices.MemoryMarshal.AsBytes(entries).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes<KvmCpuidEntry2>(_entries));

    private int Find(uint function, uint index)
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            ref readonly var e = ref _entries[i];
            if (e.Function == function && ((e.Flags & KvmCpuidEntry2.SignificantIndex) == 0 || e.Index == index))
            {
                return i;
            }
        }

        return -1;
    }
}
