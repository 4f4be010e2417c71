namespace Emulator.Machines;

/// <summary>A keyboard or mouse at the end of a PS/2 cable: takes command bytes, queues answer bytes.</summary>
public abstract class Ps2Device
{
    private protected const byte Ack = 0xFA, Resend = 0xFE, SelfTestPassed = 0xAA;

    private readonly Queue<byte> _output = new();
    private byte _lastSent;

    /// <summary>Called when a byte has been queued.</summary>
    internal Action? OutputReady { get; set; }

    /// <summary>Whether a byte waits for the controller.</summary>
    public bool HasOutput => _output.Count > 0;

    private protected int OutputCount => _output.Count;

    /// <summary>Takes a command or parameter byte from the controller.</summary>
    public abstract void Receive(byte value);

    internal byte TakeOutput()
    {
        _lastSent = _output.Dequeue();
        OutputTaken();
        return _lastSent;
    }

    private protected void Send(params ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            _output.Enqueue(value);
        OutputReady?.Invoke();
    }

    private protected void SendAgain() => Send(_lastSent);

    private protected void ClearOutput() => _output.Clear();

    private protected virtual void OutputTaken()
    {
    }

    private protected void TransferQueue(SnapshotStream s)
    {
        s.Queue(_output);
        s.Value(ref _lastSent);
    }
}
