using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Emulator.Conformance.Moo;

/// <summary>Reader of MOO 1.0 files: chunks of 4-byte id, u32 little-endian length and payload, nested; unknown ids are skipped.</summary>
internal static class MooFile
{
    /// <summary>Registers in the order of the mask's bits.</summary>
    public static IReadOnlyList<string> RegisterNames { get; } =
        ["ax", "bx", "cx", "dx", "cs", "ss", "ds", "es", "sp", "bp", "si", "di", "ip", "flags"];

    /// <summary>Reads a gzip-compressed file.</summary>
    /// <exception cref="InvalidDataException">It is not a MOO file, or holds another number of tests than it says.</exception>
    public static List<MooTest> Read(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), Path.GetFileName(path));
    }

    /// <summary>Reads an uncompressed file's contents; <paramref name="name"/> is for messages.</summary>
    public static List<MooTest> Parse(ReadOnlySpan<byte> data, string name)
    {
        var tests = new List<MooTest>();
        int count = -1;
        for (var chunks = new ChunkReader(data); chunks.Next(out string id, out ReadOnlySpan<byte> body);)
        {
            if (id == "MOO ")
                count = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
            else if (id == "TEST")
                tests.Add(ParseTest(body));
        }

        if (count != tests.Count)
            throw new InvalidDataException($"{name}: {tests.Count} tests, but the header says {count}.");
        return tests;
    }

    private static MooTest ParseTest(ReadOnlySpan<byte> body)
    {
        uint index = BinaryPrimitives.ReadUInt32LittleEndian(body);
        string text = "", hash = "";
        byte[] bytes = [];
        MooState initial = new(0, new ushort[14], []), final = initial;
        (byte, uint)? exception = null;
        for (var chunks = new ChunkReader(body[4..]); chunks.Next(out string id, out ReadOnlySpan<byte> part);)
        {
            switch (id)
            {
                case "NAME":
                    text = Encoding.ASCII.GetString(part[4..]);
                    break;
                case "BYTS":
                    bytes = part[4..].ToArray();
                    break;
                case "INIT":
                    initial = ParseState(part);
                    break;
                case "FINA":
                    final = ParseState(part);
                    break;
                case "EXCP":
                    exception = (part[0], BinaryPrimitives.ReadUInt32LittleEndian(part[1..]));
                    break;
                case "HASH":
                    hash = Convert.ToHexStringLower(part);
                    break;
            }
        }

        return new(index, text, bytes, initial, final, exception, hash);
    }

    private static MooState ParseState(ReadOnlySpan<byte> body)
    {
        ushort mask = 0;
        var registers = new ushort[14];
        (uint, byte)[] memory = [];
        for (var chunks = new ChunkReader(body); chunks.Next(out string id, out ReadOnlySpan<byte> part);)
        {
            if (id == "REGS")
            {
                mask = BinaryPrimitives.ReadUInt16LittleEndian(part);
                part = part[2..];
                for (int i = 0; i < registers.Length; i++)
                {
                    if ((mask >> i & 1) == 0)
                        continue;
                    registers[i] = BinaryPrimitives.ReadUInt16LittleEndian(part);
                    part = part[2..];
                }
            }
            else if (id == "RAM ")
            {
                memory = new (uint, byte)[BinaryPrimitives.ReadInt32LittleEndian(part)];
                for (int i = 0; i < memory.Length; i++)
                    memory[i] = (BinaryPrimitives.ReadUInt32LittleEndian(part[(4 + 5 * i)..]), part[8 + 5 * i]);
            }
        }

        return new(mask, registers, memory);
    }

    private ref struct ChunkReader(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _rest = data;

        public bool Next(out string id, out ReadOnlySpan<byte> body)
        {
            id = "";
            body = default;
            if (_rest.Length < 8)
                return false;
            id = Encoding.ASCII.GetString(_rest[..4]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(_rest[4..]);
            if ((uint)length > (uint)(_rest.Length - 8))
                throw new InvalidDataException($"Chunk '{id}' is longer than the file.");
            body = _rest.Slice(8, length);
            _rest = _rest[(8 + length)..];
            return true;
        }
    }
}
