namespace Emulator.Runtime;

/// <summary>Makes an engine leave to a monitor instead of delivering traps, reaching devices or looking at events; holds the last exit.</summary>
/// <remarks>At an exit the instruction that caused it has not started: it is not counted, the state is as before it, and the pc stands at it.</remarks>
public sealed class VmExits
{
    /// <summary>Makes one for variants that exit instead of executing.</summary>
    /// <param name="intercepted">By variant: whether its operations exit.</param>
    public VmExits(bool[] intercepted)
    {
        ArgumentNullException.ThrowIfNull(intercepted);
        Intercepted = intercepted;
    }

    /// <summary>The last exit's operation; valid while <see cref="HasOperation"/>.</summary>
    public DecodedOp Operation;

    /// <summary>Why.</summary>
    public VmExitKind Kind { get; private set; }

    /// <summary>The trap of a <see cref="VmExitKind.Trap"/>: index in the generated trap table.</summary>
    public int Trap { get; private set; }

    /// <summary>Its arguments.</summary>
    public ulong A { get; private set; }

    /// <inheritdoc cref="A"/>
    public ulong B { get; private set; }

    /// <summary>Whether an operation caused it: fetches and events have none.</summary>
    public bool HasOperation { get; private set; }

    /// <summary>By variant: whether its operations exit.</summary>
    internal bool[] Intercepted { get; }

    internal unsafe void Set(VmExitKind kind, CpuHeader* h, DecodedOp* operation)
    {
        Kind = kind;
        (Trap, A, B) = kind == VmExitKind.Trap ? ((int)h->Trap - 1, h->TrapA, h->TrapB) : (-1, 0UL, 0UL);
        HasOperation = operation != null;
        if (operation != null)
            Operation = *operation;
    }
}
