using System.Buffers.Binary;
using System.Text;

namespace Emulator.Tour.Assembly;

/// <summary>Bytes that follow the code at an address known from the start.</summary>
internal sealed class DataSection(uint origin)
{
    private readonly List<byte> bytes = [];
    private readonly Dictionary<string, uint> strings = new(StringComparer.Ordinal);

    /// <summary>Address of the first byte.</summary>
    public uint Origin { get; } = origin;

    /// <summary>Address after the last byte.</summary>
    public uint End => Origin + (uint)bytes.Count;

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => [.. bytes];

    /// <summary>Appends bytes at a multiple of <paramref name="alignment"/> and returns their address.</summary>
    public uint Add(ReadOnlySpan<byte> data, int alignment = 1)
    {
        while (bytes.Count % alignment != 0)
        {
            bytes.Add(0);
        }

        var address = End;
        bytes.AddRange(data);
        return address;
    }

    /// <summary>Appends 32-bit words and returns their address.</summary>
    public uint AddWords(params ReadOnlySpan<uint> words)
    {
        var data = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(i * 4), words[i]);
        }

        return Add(data, 4);
    }

    /// <summary>Appends a text of ASCII characters, ended by a zero byte, once however often it is used, and returns its address.</summary>
    public uint AddString(string text)
    {
        if (!strings.TryGetValue(text, out var address))
        {
            address = Add(Encoding.ASCII.GetBytes(text + "\0"));
            strings.Add(text, address);
        }

        return address;
    }
}
