using System.Buffers.Binary;
using System.Text;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>QEMU's firmware configuration device (ports 510/511 and DMA at 514 to 51B; QEMU docs/specs/fw_cfg): numbered items and named files the firmware reads.</summary>
public sealed class FwCfg : IPortDevice, ISnapshotPart
{
    private const ushort FirstFileKey = 0x20, FileDirectory = 0x19;
    private const int NameLength = 56;
    private const uint DmaError = 1, DmaRead = 2, DmaSkip = 4, DmaSelect = 8, DmaWrite = 16;
    private const ulong DmaSignature = 0x51454D5520434647; // "QEMU CFG"

    private static readonly byte[] s_zeros = new byte[4096];

    private readonly PhysicalMemory _memory;
    private readonly Dictionary<ushort, byte[]> _items = [];
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private ushort _selected;
    private uint _offset;
    private uint _dmaHigh;

    /// <summary>Creates the device with the items that say what it is: signature, and version with DMA.</summary>
    public FwCfg(PhysicalMemory memory)
    {
        _memory = memory;
        _items[(ushort)FwCfgKey.Signature] = "QEMU"u8.ToArray();
        _items[(ushort)FwCfgKey.Id] = [3, 0, 0, 0];
        WriteDirectory();
    }

    /// <inheritdoc/>
    public string PartName => "fw_cfg";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x510, 2, Width: 2), new(0x514, 8, Width: 4)];

    /// <summary>Names of the files, in directory order.</summary>
    public IEnumerable<string> FileNames => _files.Keys;

    /// <summary>Sets a numbered item.</summary>
    public void Set(FwCfgKey key, ReadOnlySpan<byte> content) => _items[(ushort)key] = content.ToArray();

    /// <summary>Sets a numbered item to a little-endian number.</summary>
    /// <param name="key">The item.</param>
    /// <param name="value">Its value.</param>
    /// <param name="size">Its size in bytes, 1 to 8.</param>
    public void Set(FwCfgKey key, ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Set(key, bytes[..size]);
    }

    /// <summary>Adds or replaces a file, before the machine starts.</summary>
    /// <returns>False when the name is longer than 55 bytes of ASCII.</returns>
    public bool AddFile(string name, ReadOnlySpan<byte> content)
    {
        if (name.Length >= NameLength || !Ascii.IsValid(name))
            return false;
        _files[name] = content.ToArray();
        WriteDirectory();
        return true;
    }

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        if (port < 0x514)
            return port == 0x511 ? (uint)NextByte() : 0xFFFF;

        // The DMA address register reads as a signature, big endian.
        Span<byte> signature = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(signature, DmaSignature);
        uint value = 0;
        for (int i = 0; i < size; i++)
            value |= (uint)signature[(port - 0x514 + i) & 7] << (8 * i);
        return value;
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        switch (port)
        {
            case 0x510 when size == 2:
                Select((ushort)value);
                break;
            case 0x514 when size == 4:
                _dmaHigh = BinaryPrimitives.ReverseEndianness(value);
                break;
            case 0x518 when size == 4:
                Transfer(((ulong)_dmaHigh << 32) | BinaryPrimitives.ReverseEndianness(value));
                _dmaHigh = 0;
                break;
        }
    }

    /// <summary>Bus reset.</summary>
    public void Reset()
    {
        Select(0);
        _dmaHigh = 0;
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _selected);
        s.Value(ref _offset);
        s.Value(ref _dmaHigh);
    }

    private void Select(ushort key)
    {
        _selected = (ushort)(key & 0xBFFF); // bit 14 asks for write access, which nobody gets
        _offset = 0;
    }

    private byte NextByte()
    {
        byte[] item = _items.GetValueOrDefault(_selected, []);
        return _offset < item.Length ? item[_offset++] : (byte)0;
    }

    private void Transfer(ulong accessAddress)
    {
        Span<byte> access = stackalloc byte[16];
        _memory.CopyOut(accessAddress, access);
        uint control = BinaryPrimitives.ReadUInt32BigEndian(access);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(access[4..]);
        ulong address = BinaryPrimitives.ReadUInt64BigEndian(access[8..]);
        if ((control & DmaSelect) != 0)
            Select((ushort)(control >> 16));

        uint result = 0;
        if ((control & DmaRead) != 0)
            CopyToGuest(address, length);
        else if ((control & DmaWrite) != 0)
            result = DmaError;
        else if ((control & DmaSkip) != 0)
            _offset = (uint)Math.Min((ulong)_offset + length, uint.MaxValue);

        BinaryPrimitives.WriteUInt32BigEndian(access, result);
        _memory.CopyIn(accessAddress, access[..4]);
    }

    private void CopyToGuest(ulong address, uint length)
    {
        byte[] item = _items.GetValueOrDefault(_selected, []);
        uint available = _offset < item.Length ? (uint)item.Length - _offset : 0;
        uint copied = Math.Min(length, available);
        _memory.CopyIn(address, item.AsSpan((int)Math.Min(_offset, (uint)item.Length), (int)copied));
        _offset += copied;

        // What lies behind the item reads as zeros.
        ReadOnlySpan<byte> zeros = s_zeros;
        for (uint done = copied; done < length;)
        {
            uint piece = Math.Min(length - done, (uint)zeros.Length);
            _memory.CopyIn(address + done, zeros[..(int)piece]);
            done += piece;
        }
    }

    private void WriteDirectory()
    {
        var directory = new byte[4 + (_files.Count * (8 + NameLength))];
        BinaryPrimitives.WriteInt32BigEndian(directory, _files.Count);
        int at = 4;
        ushort key = FirstFileKey;
        foreach ((string name, byte[] content) in _files)
        {
            Span<byte> entry = directory.AsSpan(at, 8 + NameLength);
            BinaryPrimitives.WriteInt32BigEndian(entry, content.Length);
            BinaryPrimitives.WriteUInt16BigEndian(entry[4..], key);
            Encoding.ASCII.GetBytes(name, entry[8..]);
            _items[key++] = content;
            at += entry.Length;
        }

        _items[FileDirectory] = directory;
    }
}
