namespace Emulator.Machines;

/// <summary>Why a run of a virt machine came back.</summary>
public enum VirtEnd
{
    /// <summary>The instructions asked for are executed.</summary>
    Budget,

    /// <summary>Somebody asked to stop; the machine can go on.</summary>
    Stopped,

    /// <summary>The guest reported a failure with a code at the test finisher.</summary>
    GuestExit,

    /// <summary>The guest switched the machine off.</summary>
    PowerOff,

    /// <summary>Every hart waits for an interrupt, and none will come.</summary>
    Halted,

    /// <summary>Delivering a trap raised traps without end: a defect of the processor's description.</summary>
    TrapStorm,
}
