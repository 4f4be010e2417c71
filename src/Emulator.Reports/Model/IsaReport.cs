namespace Emulator.Reports.Model;

/// <summary>The virtualizability of an instruction set, as data: what every format is written from, and what docs/report.schema.json describes.</summary>
/// <param name="Isa">Name of the instruction set.</param>
/// <param name="Profiles">A verdict per hosting profile.</param>
/// <param name="Findings">Diagnostics PG0001 to PG0008.</param>
public sealed record IsaReport(string Isa, IReadOnlyList<ProfileReport> Profiles, IReadOnlyList<Finding> Findings)
{
    /// <summary>Version of the format.</summary>
    public int Version { get; init; } = 1;
}
