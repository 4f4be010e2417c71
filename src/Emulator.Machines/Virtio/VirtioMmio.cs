using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The memory-mapped virtio transport, version 2 (Virtual I/O Device 1.2, section 4.2). A slot without a device has device ID 0.</summary>
public sealed class VirtioMmio : IBusDevice, ISnapshotPart
{
    /// <summary>Bytes of address space.</summary>
    public const ulong Size = 0x1000;

    private const uint MagicValue = 0x74726976, Version = 2, Vendor = 0x554D4551;
    private const ulong Version1 = 1UL << 32;
    private const int Config = 0x100;
    private const uint NeedsReset = 0x40, QueueInterrupt = 1, ConfigInterrupt = 2;

    private readonly int _slot;
    private readonly VirtioDevice? _device;
    private readonly VirtQueue[] _queues;
    private ulong _driverFeatures;
    private uint _deviceSelect, _driverSelect, _queueSelect, _status, _interrupts;

    /// <summary>Creates a slot.</summary>
    /// <param name="slot">Its number.</param>
    /// <param name="device">What hangs on it, or null.</param>
    /// <param name="memory">Guest memory.</param>
    public VirtioMmio(int slot, VirtioDevice? device, PhysicalMemory memory)
    {
        _slot = slot;
        _device = device;
        _queues = [.. Enumerable.Range(0, device?.QueueCount ?? 0).Select(_ => new VirtQueue(memory))];
        device?.Attach(this);
    }

    /// <inheritdoc/>
    public string PartName => $"virtio.{_slot}";

    /// <summary>The interrupt request.</summary>
    public Signal Irq { get; } = new();

    private VirtQueue? Selected => _queueSelect < (uint)_queues.Length ? _queues[_queueSelect] : null;

    /// <summary>A queue, by its number.</summary>
    public VirtQueue Queue(int number) => _queues[number];

    /// <summary>Gives the request taken last from a queue back to the driver.</summary>
    public void GiveBack(int queue, uint written)
    {
        if (_queues[queue].GiveBack(written))
            Raise(QueueInterrupt);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (offset >= Config)
            return ReadConfig((int)offset - Config, size);
        if (size != 4)
            return 0;
        switch (offset)
        {
            case 0x000:
                return MagicValue;
            case 0x004:
                return Version;
            case 0x008:
                return _device?.DeviceId ?? 0;
            case 0x00C:
                return Vendor;
            case 0x010:
                ulong features = _device is null ? 0 : _device.Features | Version1;
                return _deviceSelect switch { 0 => (uint)features, 1 => features >> 32, _ => 0 };
            case 0x034:
                return Selected is null ? 0u : VirtQueue.LargestSize;
            case 0x044:
                return Selected is { IsReady: true } ? 1u : 0;
            case 0x060:
                return _interrupts;
            case 0x070:
                return _status;
            default:
                return 0;
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size != 4 || _device is null)
            return;
        uint word = (uint)value;
        switch (offset)
        {
            case 0x014:
                _deviceSelect = word;
                break;
            case 0x020:
                if (_driverSelect < 2)
                    _driverFeatures = _driverSelect == 0 ? (_driverFeatures & ~0xFFFF_FFFFUL) | word : (_driverFeatures & 0xFFFF_FFFF) | (value << 32);
                break;
            case 0x024:
                _driverSelect = word;
                break;
            case 0x030:
                _queueSelect = word;
                break;
            case 0x050:
                Notify(word);
                break;
            case 0x064:
                _interrupts &= ~word;
                Irq.Set(_interrupts != 0);
                break;
            case 0x070:
                WriteStatus(word);
                break;
            default:
                if (Selected is { } queue)
                    WriteQueue(queue, offset, word);
                break;
        }
    }

    /// <summary>Reset by the driver or the machine.</summary>
    public void Reset()
    {
        _status = _deviceSelect = _driverSelect = _queueSelect = _interrupts = 0;
        _driverFeatures = 0;
        foreach (VirtQueue queue in _queues)
            queue.Reset();
        Irq.Set(false);
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _driverFeatures);
        s.Value(ref _deviceSelect);
        s.Value(ref _driverSelect);
        s.Value(ref _queueSelect);
        s.Value(ref _status);
        s.Value(ref _interrupts);
        foreach (VirtQueue queue in _queues)
            queue.Transfer(s);
        if (_device is not null)
            s.Part(_device);
        Irq.Set(_interrupts != 0);
    }

    private static ulong Low(ulong old, uint word) => (old & ~0xFFFF_FFFFUL) | word;

    private static ulong High(ulong old, uint word) => (old & 0xFFFF_FFFF) | ((ulong)word << 32);

    private static void WriteQueue(VirtQueue queue, ulong offset, uint word)
    {
        switch (offset)
        {
            case 0x038 when word is > 0 and <= VirtQueue.LargestSize:
                queue.Size = word;
                break;
            case 0x044:
                queue.IsReady = (word & 1) != 0;
                break;
            case 0x080:
                queue.Descriptors = Low(queue.Descriptors, word);
                break;
            case 0x084:
                queue.Descriptors = High(queue.Descriptors, word);
                break;
            case 0x090:
                queue.Available = Low(queue.Available, word);
                break;
            case 0x094:
                queue.Available = High(queue.Available, word);
                break;
            case 0x0A0:
                queue.Used = Low(queue.Used, word);
                break;
            case 0x0A4:
                queue.Used = High(queue.Used, word);
                break;
        }
    }

    private void WriteStatus(uint word)
    {
        // A driver that does not accept VERSION_1 is an old one: FEATURES_OK does not stick (section 2.2.1).
        const uint FeaturesOk = 8;
        if (word == 0)
        {
            Reset();
            return;
        }

        ulong offered = _device!.Features | Version1;
        bool acceptable = (_driverFeatures & Version1) != 0 && (_driverFeatures & ~offered) == 0;
        _status = (word & ~NeedsReset) | (_status & NeedsReset);
        if (!acceptable)
            _status &= ~FeaturesOk;
    }

    private void Notify(uint number)
    {
        if (number >= (uint)_queues.Length)
            return;
        _device!.Serve((int)number);
        if (!_queues[number].IsBroken || (_status & NeedsReset) != 0)
            return;
        _status |= NeedsReset;
        Raise(ConfigInterrupt);
    }

    private ulong ReadConfig(int offset, int size)
    {
        ulong value = 0;
        for (int i = 0; _device is not null && i < size; i++)
            value |= (ulong)_device.ReadConfig(offset + i) << (8 * i);
        return value;
    }

    private void Raise(uint interrupt)
    {
        _interrupts |= interrupt;
        Irq.Set(true);
    }
}
