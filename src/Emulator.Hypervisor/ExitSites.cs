namespace Emulator.Hypervisor;

/// <summary>Counts exits by place and variant in a table of fixed size; what no longer fits is counted together.</summary>
internal sealed class ExitSites
{
    private const int Size = 1 << 13, Probes = 16;

    private readonly (ulong Pc, int Variant, long Count)[] _sites = new (ulong, int, long)[Size];

    /// <summary>Exits whose place found no room.</summary>
    public long Others { get; private set; }

    public void Add(ulong pc, int variant)
    {
        int at = (int)((pc * 0x9E37_79B9_7F4A_7C15) >> 51);
        for (int i = 0; i < Probes; i++)
        {
            ref var site = ref _sites[(at + i) & (Size - 1)];
            if (site.Count != 0 && (site.Pc != pc || site.Variant != variant))
                continue;
            site = (pc, variant, site.Count + 1);
            return;
        }

        Others++;
    }

    public IReadOnlyList<ExitSite> ToList() =>
        [.. _sites.Where(s => s.Count > 0).OrderByDescending(s => s.Count).ThenBy(s => s.Pc).Select(s => new ExitSite(s.Pc, s.Variant, s.Count))];
}
