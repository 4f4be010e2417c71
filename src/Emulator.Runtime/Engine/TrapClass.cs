namespace Emulator.Runtime;

/// <summary>Where the program counter stands when a trap is delivered.</summary>
public enum TrapClass : byte
{
    /// <summary>At the instruction, which had no effect and may be executed again.</summary>
    Fault,

    /// <summary>After the instruction, whose effects stand.</summary>
    Trap,

    /// <summary>At the instruction, which cannot be resumed.</summary>
    Abort,
}
