namespace Emulator.Machines;

/// <summary>What stands behind a virtio transport: one kind of device (Virtual I/O Device 1.2, chapter 5).</summary>
public abstract class VirtioDevice : ISnapshotPart
{
    /// <inheritdoc/>
    public abstract string PartName { get; }

    /// <summary>Kind of device: 2 block, 3 console.</summary>
    public abstract uint DeviceId { get; }

    /// <summary>Feature bits offered besides VERSION_1.</summary>
    public abstract ulong Features { get; }

    /// <summary>Number of queues.</summary>
    public abstract int QueueCount { get; }

    /// <summary>The transport it hangs on.</summary>
    protected VirtioMmio? Transport { get; private set; }

    /// <summary>The byte at an offset of the configuration space; 0 beyond its end.</summary>
    public abstract byte ReadConfig(int offset);

    /// <summary>Serves a queue the driver notified; <see cref="VirtioMmio.GiveBack"/> returns each request.</summary>
    public abstract void Serve(int queue);

    /// <inheritdoc/>
    public abstract void Transfer(SnapshotStream s);

    internal void Attach(VirtioMmio transport) => Transport = transport;
}
