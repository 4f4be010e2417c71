using System.Buffers.Binary;
using System.Text;

namespace Emulator.Machines;

/// <summary>Writes a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5).</summary>
public sealed class FdtWriter
{
    private const uint Magic = 0xD00DFEED, BeginToken = 1, EndToken = 2, PropertyToken = 3, LastToken = 9;
    private const int HeaderSize = 40, ReservationsSize = 16, Version = 17, LastCompatible = 16;

    private readonly MemoryStream _structure = new(), _strings = new();
    private readonly Dictionary<string, uint> _names = [];
    private int _depth;

    /// <summary>Opens a node; the first one is the root and has no name.</summary>
    public FdtWriter Begin(string name)
    {
        Word(BeginToken);
        Padded(Encoding.ASCII.GetBytes(name + "\0"));
        _depth++;
        return this;
    }

    /// <summary>Closes a node.</summary>
    public FdtWriter End()
    {
        Word(EndToken);
        _depth--;
        return this;
    }

    /// <summary>A property without a value.</summary>
    public FdtWriter Empty(string name) => Bytes(name, []);

    /// <summary>A property of one or more strings.</summary>
    public FdtWriter Text(string name, params ReadOnlySpan<string> values)
    {
        var text = new StringBuilder();
        foreach (string value in values)
            text.Append(value).Append('\0');
        return Bytes(name, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A property of 32-bit cells.</summary>
    public FdtWriter Cells(string name, params ReadOnlySpan<uint> values)
    {
        var bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), values[i]);
        return Bytes(name, bytes);
    }

    /// <summary>A property of 64-bit numbers, two cells each: addresses and sizes.</summary>
    public FdtWriter Wide(string name, params ReadOnlySpan<ulong> values)
    {
        var bytes = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8 * i), values[i]);
        return Bytes(name, bytes);
    }

    /// <summary>A property of bytes.</summary>
    public FdtWriter Bytes(string name, ReadOnlySpan<byte> value)
    {
        Word(PropertyToken);
        Word((uint)value.Length);
        Word(NameOffset(name));
        Padded(value);
        return this;
    }

    /// <summary>The whole tree, once every node is closed.</summary>
    public byte[] Build(uint bootHart = 0)
    {
        if (_depth != 0)
            throw new InvalidOperationException($"{_depth} nodes of the device tree are not closed");
        Word(LastToken);
        int stringsStart = HeaderSize + ReservationsSize + (int)_structure.Length;
        var tree = new byte[stringsStart + (int)_strings.Length];
        uint[] header =
        [
            Magic, (uint)tree.Length, HeaderSize + ReservationsSize, (uint)stringsStart, HeaderSize, Version, LastCompatible, bootHart,
            (uint)_strings.Length, (uint)_structure.Length,
        ];
        for (int i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(tree.AsSpan(4 * i), header[i]);
        _structure.ToArray().CopyTo(tree, HeaderSize + ReservationsSize);
        _strings.ToArray().CopyTo(tree, stringsStart);
        return tree;
    }

    private uint NameOffset(string name)
    {
        if (_names.TryGetValue(name, out uint offset))
            return offset;
        offset = _names[name] = (uint)_strings.Length;
        _strings.Write(Encoding.ASCII.GetBytes(name + "\0"));
        return offset;
    }

    private void Word(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        _structure.Write(bytes);
    }

    private void Padded(ReadOnlySpan<byte> bytes)
    {
        _structure.Write(bytes);
        while (_structure.Length % 4 != 0)
            _structure.WriteByte(0);
    }
}
