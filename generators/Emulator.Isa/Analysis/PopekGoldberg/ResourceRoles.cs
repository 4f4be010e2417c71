namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Kinds of resource state (isa/README.md, section 3), as a set.</summary>
[Flags]
public enum ResourceRoles
{
    None = 0,
    Mode = 1,
    Relocation = 2,
    Interrupt = 4,
    Timer = 8,
    Io = 16,
    Identity = 32,
    All = 63,

    /// <summary>Internal to the derivation: an address that came out of the relocation map. It may address memory; anywhere else it tells of the map.</summary>
    Mapped = 64,
}
