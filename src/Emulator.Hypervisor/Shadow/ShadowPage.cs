namespace Emulator.Hypervisor;

/// <summary>A shadow table: what the monitor knows of one of its frames.</summary>
/// <param name="index">Number of the frame.</param>
internal sealed class ShadowPage(int index)
{
    public int Index { get; } = index;

    /// <summary>What it stands for; meaningful while <see cref="InUse"/>.</summary>
    public ShadowKey Key { get; set; }

    public bool InUse { get; set; }

    /// <summary>Entries that are present.</summary>
    public int Present { get; set; }

    /// <summary>Writes to the guest's table since this was last used to map something.</summary>
    public int Writes { get; set; }

    /// <summary>The entries of other tables that point here.</summary>
    public List<int> Parents { get; } = [];

    /// <summary>The next table derived from the same table of the guest.</summary>
    public ShadowPage? NextOfTable { get; set; }
}
