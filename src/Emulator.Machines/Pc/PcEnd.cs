namespace Emulator.Machines;

/// <summary>Why a run of a PC came back.</summary>
public enum PcEnd
{
    /// <summary>The instructions asked for are executed.</summary>
    Budget,

    /// <summary>Somebody asked to stop; the machine can go on.</summary>
    Stopped,

    /// <summary>The guest ended the machine through isa-debug-exit, with an exit code.</summary>
    GuestExit,

    /// <summary>The guest switched the machine off.</summary>
    PowerOff,

    /// <summary>The processor is halted and nothing will wake it.</summary>
    Halted,

    /// <summary>The processor shut down: a fault while a double fault was delivered.</summary>
    TripleFault,

    /// <summary>Delivering a trap raised traps without end: a defect of the processor's description.</summary>
    TrapStorm,
}
