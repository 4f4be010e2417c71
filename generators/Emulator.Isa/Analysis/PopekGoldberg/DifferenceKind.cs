namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>How two executions differ.</summary>
public enum DifferenceKind
{
    /// <summary>The guest changes a resource without the monitor knowing.</summary>
    GuestChangesResource,

    /// <summary>The monitor's mode changes a resource, the guest's silently does not.</summary>
    DroppedWrite,

    /// <summary>What is left in user state or memory depends on a resource.</summary>
    ResultShowsResource,

    /// <summary>Results differ with the mode.</summary>
    ResultDiffers,

    /// <summary>One state traps where the guest goes on.</summary>
    MissingTrap,

    /// <summary>The guest traps, but only after an effect that the trap does not undo.</summary>
    LateTrap,
}
