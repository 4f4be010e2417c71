namespace Emulator.Runtime;

/// <summary>What the engine must know of a decoded operation; derived from its semantics.</summary>
[Flags]
public enum OpFlags : byte
{
    None = 0,

    /// <summary>The last operation of a block: writes the program counter, the decode context, a mode, relocation or interrupt resource, or flushes translations.</summary>
    EndsBlock = 1,

    /// <summary>Writes the program counter on every path, so control never simply falls through.</summary>
    AlwaysJumps = 2,

    /// <summary>Can raise a trap.</summary>
    MayTrap = 4,

    /// <summary>Commits in steps and may be suspended half-way.</summary>
    Restartable = 8,
}
