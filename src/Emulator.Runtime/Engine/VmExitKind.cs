namespace Emulator.Runtime;

/// <summary>Why a guest's execution came back to its monitor.</summary>
public enum VmExitKind
{
    /// <summary>An instruction raised a trap, or could not be fetched.</summary>
    Trap,

    /// <summary>An instruction the monitor asked for was about to execute.</summary>
    Intercept,

    /// <summary>An instruction was about to access a device.</summary>
    Device,

    /// <summary>The spec's `attention` condition holds.</summary>
    Attention,
}
