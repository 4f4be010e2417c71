using System.Buffers.Binary;

namespace Emulator.Machines;

/// <summary>One PCI function: 256 bytes of configuration space of which a mask says what the guest may write (PCI Local Bus Specification 2.1, chapter 6).</summary>
public abstract class PciFunction : ISnapshotPart
{
    private readonly byte[] _config = new byte[256];
    private readonly byte[] _initial = new byte[256];
    private readonly byte[] _writable = new byte[256];

    private protected PciFunction(ushort vendor, ushort device, uint classCode, byte revision)
    {
        Define16(0x00, vendor, 0);
        Define16(0x02, device, 0);
        Define8(0x08, revision, 0);
        Define8(0x09, (byte)classCode, 0);
        Define8(0x0A, (byte)(classCode >> 8), 0);
        Define8(0x0B, (byte)(classCode >> 16), 0);
        Define8(0x0C, 0, 0xFF); // cache line size
        Define8(0x0D, 0, 0xF8); // latency timer
        Define8(0x3C, 0, 0xFF); // interrupt line
    }

    /// <inheritdoc/>
    public abstract string PartName { get; }

    /// <summary>Configuration space as the guest sees it.</summary>
    public ReadOnlySpan<byte> Config => _config;

    /// <summary>Reads 1, 2 or 4 bytes.</summary>
    public uint ReadConfig(int offset, int size)
    {
        uint value = 0;
        for (int i = 0; i < size; i++)
            value |= (uint)_config[(offset + i) & 0xFF] << (8 * i);
        return value;
    }

    /// <summary>Writes 1, 2 or 4 bytes through the mask of writable bits.</summary>
    public void WriteConfig(int offset, int size, uint value)
    {
        for (int i = 0; i < size; i++)
        {
            int at = (offset + i) & 0xFF;
            byte data = (byte)(value >> (8 * i));
            _config[at] = (byte)((_config[at] & ~_writable[at]) | (Filter(at, data) & _writable[at]));
        }

        ConfigWritten(offset, size);
    }

    /// <summary>Bus reset: every register gets its default.</summary>
    public virtual void Reset()
    {
        _initial.CopyTo(_config, 0);
        ConfigWritten(0, 256);
    }

    /// <inheritdoc/>
    public virtual void Transfer(SnapshotStream s)
    {
        s.Values<byte>(_config);
        if (s.IsLoading)
            ConfigWritten(0, 256);
    }

    /// <summary>Called after configuration bytes changed (or may have).</summary>
    private protected abstract void ConfigWritten(int offset, int size);

    /// <summary>Lets a function refuse bits that depend on others (locks); the default takes the byte as written.</summary>
    private protected virtual byte Filter(int offset, byte value) => value;

    private protected uint Config32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_config.AsSpan(offset));

    private protected void Define8(int offset, byte value, byte writable)
    {
        _initial[offset] = _config[offset] = value;
        _writable[offset] = writable;
    }

    private protected void Define16(int offset, ushort value, ushort writable)
    {
        Define8(offset, (byte)value, (byte)writable);
        Define8(offset + 1, (byte)(value >> 8), (byte)(writable >> 8));
    }

    private protected void Define32(int offset, uint value, uint writable)
    {
        Define16(offset, (ushort)value, (ushort)writable);
        Define16(offset + 2, (ushort)(value >> 16), (ushort)(writable >> 16));
    }

    /// <summary>Whether an access touches a register.</summary>
    private protected static bool Touches(int offset, int size, int register, int length = 1) => offset < register + length && register < offset + size;
}
