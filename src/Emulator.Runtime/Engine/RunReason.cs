namespace Emulator.Runtime;

/// <summary>Why execution came back.</summary>
public enum RunReason
{
    /// <summary>The budget of instructions is used up.</summary>
    Budget,

    /// <summary>The spec's `stopped` condition holds; nothing runs until a reset.</summary>
    Stopped,

    /// <summary>Somebody asked to stop.</summary>
    StopRequested,

    /// <summary>The spec's `idle` condition holds and no event will end it soon.</summary>
    Idle,

    /// <summary>A guest came back to its monitor (<see cref="VmExits"/>).</summary>
    Exit,

    /// <summary>Delivering a trap raised traps without end: the spec's `on trap` never settles.</summary>
    TrapStorm,
}
