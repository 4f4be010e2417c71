namespace Emulator.Cli.Boot;

/// <summary>Why a machine no longer runs.</summary>
internal enum MachineEnd
{
    /// <summary>It could go on: only the slice is over.</summary>
    None,

    /// <summary>The guest chose an exit code.</summary>
    GuestExit,

    /// <summary>The guest switched the machine off.</summary>
    PowerOff,

    /// <summary>The guest halted, and nothing will wake it.</summary>
    Halted,

    /// <summary>Triple fault.</summary>
    TripleFault,
}
