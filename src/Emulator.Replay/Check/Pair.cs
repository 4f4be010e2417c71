namespace Emulator.Replay.Check;

/// <summary>How the two executions of a case ended.</summary>
internal struct Pair
{
    /// <summary>Identity of the trap plus one; 0 when it completed.</summary>
    public uint GuestTrap, ReferenceTrap;

    /// <summary>A resource was changed: also by flushes and outside the processor.</summary>
    public bool GuestChanges, ReferenceChanges;

    /// <summary>The guest's execution trapped, and a resource stays changed.</summary>
    public bool GuestLasting;

    /// <summary>User state and storage are the same at the end.</summary>
    public bool Same;
}
