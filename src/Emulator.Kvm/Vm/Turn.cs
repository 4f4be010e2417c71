namespace Emulator.Kvm;

/// <summary>One who may wait for the machine (<see cref="Turns"/>).</summary>
internal sealed class Turn : IDisposable
{
    /// <summary>Makes a turn that does not wait.</summary>
    public Turn() => Node = new LinkedListNode<Turn>(this);

    /// <summary>Its place in the queue.</summary>
    public LinkedListNode<Turn> Node { get; }

    /// <summary>Set when the wait is over.</summary>
    public ManualResetEventSlim Ended { get; } = new();

    /// <summary>Whether the wait ended with the machine.</summary>
    public bool Granted { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Ended.Dispose();
}
