namespace Emulator.Machines;

/// <summary>A console with one port (Virtual I/O Device 1.2, section 5.3).</summary>
/// <param name="sink">Takes every byte the guest writes.</param>
public sealed class VirtioConsole(Action<byte> sink) : VirtioDevice
{
    private const int ReceiveQueue = 0, TransmitQueue = 1;

    /// <summary>Bytes of one request that are printed: a longer one is no text, and not worth the host's time.</summary>
    private const uint LongestOutput = 1 << 20;

    private readonly Queue<byte> _input = new();
    private readonly byte[] _buffer = new byte[4096];

    /// <inheritdoc/>
    public override string PartName => "virtio-console";

    /// <inheritdoc/>
    public override uint DeviceId => 3;

    /// <inheritdoc/>
    public override ulong Features => 0;

    /// <inheritdoc/>
    public override int QueueCount => 2;

    /// <inheritdoc/>
    public override byte ReadConfig(int offset) => 0;

    /// <summary>Puts bytes on the line to the guest; between runs, or on the machine's thread.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            _input.Enqueue(value);
        if (Transport is not null)
            Serve(ReceiveQueue);
    }

    /// <inheritdoc/>
    public override void Serve(int queue)
    {
        VirtQueue requests = Transport!.Queue(queue);
        if (queue == TransmitQueue)
        {
            while (requests.TryTake())
            {
                uint offset = 0;
                for (int count; offset < LongestOutput && (count = requests.Read(offset, _buffer)) > 0; offset += (uint)count)
                {
                    foreach (byte value in _buffer.AsSpan(0, count))
                        sink(value);
                }

                Transport.GiveBack(queue, 0);
            }

            return;
        }

        while (_input.Count > 0 && requests.TryTake())
        {
            int count = (int)Math.Min((ulong)Math.Min(_input.Count, _buffer.Length), requests.Length(writable: true));
            for (int i = 0; i < count; i++)
                _buffer[i] = _input.Dequeue();
            requests.WriteBack(0, _buffer.AsSpan(0, count));
            Transport.GiveBack(queue, (uint)count);
        }
    }

    /// <inheritdoc/>
    public override void Transfer(SnapshotStream s) => s.Queue(_input);
}
