namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What an execution does that matters to a verdict.</summary>
public enum EffectKind
{
    /// <summary>Changes resource state.</summary>
    WritesResource,

    /// <summary>Leaves in user state, or in memory, what depends on resource state.</summary>
    ShowsResource,

    /// <summary>Raises a trap that is not the relocation map's.</summary>
    Traps,

    /// <summary>Accesses a bus that no relocation map leads to.</summary>
    AccessesDevice,

    /// <summary>Accesses physical storage past the relocation map.</summary>
    BypassesRelocation,

    /// <summary>Changes the relocation map or what is cached of it.</summary>
    FlushesTranslations,

    /// <summary>Calls the machine, which reads or changes resources.</summary>
    CallsMachine,
}
