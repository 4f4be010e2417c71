namespace Emulator.Testing;

/// <summary>How a step ended.</summary>
public enum StepKind
{
    /// <summary>The instruction completed, or the budget was used up.</summary>
    Completed,

    /// <summary>A trap was raised and delivered.</summary>
    Trapped,

    /// <summary>The CPU waits for an event.</summary>
    Halted,

    /// <summary>The CPU stopped for good (triple fault and the like).</summary>
    Stopped,
}
