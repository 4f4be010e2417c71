using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>What a monitor did since it was made.</summary>
/// <param name="Direct">Instructions that ran on the real CPU without the monitor.</param>
/// <param name="Interpreted">Instructions of modes that are not hosted, and those done at events, which the virtual CPU executed by itself.</param>
/// <param name="Kinds">Exits by <see cref="VmExitKind"/>.</param>
/// <param name="ExitsByVariant">Exits of operations, by variant.</param>
/// <param name="Sites">The places in the guest that exit, the most frequent first.</param>
/// <param name="Violations">Exits at which a real resource was not as the monitor had left it. Anything but 0 is a defect of the monitor or of the verdict it relies on.</param>
public sealed record MonitorStatistics(long Direct, long Interpreted, IReadOnlyList<long> Kinds, IReadOnlyList<long> ExitsByVariant, IReadOnlyList<ExitSite> Sites, long Violations)
{
    /// <summary>Its shadow page tables; null where it has none.</summary>
    public ShadowStatistics? Shadows { get; init; }

    /// <summary>Exits by the reasons the hardware gives, the most frequent first; none where the monitor is not told any.</summary>
    public IReadOnlyList<(string Reason, long Count)> Reasons { get; init; } = [];

    /// <summary>All exits.</summary>
    public long Exits => Kinds.Sum();

    /// <summary>Exits for a thousand instructions of the guest.</summary>
    public double ExitsPerThousand => Direct + Interpreted + Exits == 0 ? 0 : 1000.0 * Exits / (Direct + Interpreted + Exits);

    /// <summary>Exits by form, most frequent first.</summary>
    /// <param name="isa">The instruction set.</param>
    public IEnumerable<(FormInfo Form, long Count)> ByForm(IsaMetadata isa) =>
        ExitsByVariant.Select((count, variant) => (Form: isa.VariantForms[variant], Count: count)).Where(e => e.Count > 0).GroupBy(e => e.Form)
            .Select(g => (isa.Forms[g.Key], g.Sum(e => e.Count))).OrderByDescending(e => e.Item2).ThenBy(e => e.Item1.Instruction, StringComparer.Ordinal);
}
