using System.Buffers.Binary;
using System.Text;

namespace Emulator.Cli.Isa;

/// <summary>The code in little-endian ELF files: their executable sections (System V ABI, generic part, chapter 4).</summary>
internal static class ElfCode
{
    private const uint NoBits = 8;
    private const ulong ExecutableFlag = 4;

    /// <summary>Code of a section.</summary>
    /// <param name="Name">Name of the section.</param>
    /// <param name="Address">Address of its first byte.</param>
    /// <param name="Code">Its bytes.</param>
    public sealed record Section(string Name, ulong Address, ReadOnlyMemory<byte> Code);

    /// <summary>Whether a file starts like an ELF file.</summary>
    public static bool IsElf(ReadOnlySpan<byte> file) => file.StartsWith("\u007FELF"u8);

    /// <summary>The executable sections of a file for an instruction set, in the order of the file.</summary>
    /// <exception cref="UserErrorException">The file is for another one, damaged, or has no such section.</exception>
    public static IReadOnlyList<Section> Read(InputFile file, IIsaTools isa)
    {
        const string raw = "--offset 0 reads it as plain bytes";
        var bytes = file.Bytes;
        if (bytes.Length < 52 || (bytes[4] == 2 && bytes.Length < 64))
        {
            throw Bad(file, $"the ELF header is cut short; {raw}");
        }

        var bits = bytes[4] == 2 ? 64 : 32;
        int machine = U16(bytes, 18);
        if (bits != isa.ElfBits || machine != isa.ElfMachine || bytes[5] != 1)
        {
            throw Bad(file, $"this is an ELF file of {bits} bits for machine {machine}{(bytes[5] == 1 ? string.Empty : ", big-endian")}; {isa.Name} has {isa.ElfBits} bits and machine {isa.ElfMachine}; {raw}");
        }

        var wide = bits == 64;
        var table = wide ? U64(bytes, 40) : U32(bytes, 32);
        int entry = U16(bytes, wide ? 58 : 46), count = U16(bytes, wide ? 60 : 48), names = U16(bytes, wide ? 62 : 50);
        if (entry < (wide ? 64 : 40) || table > (ulong)bytes.Length || (ulong)entry * (ulong)count > (ulong)bytes.Length - table)
        {
            throw Bad(file, $"its {count} section headers do not lie in the file; {raw}");
        }

        ReadOnlySpan<byte> Header(int index) => bytes.AsSpan((int)table + (index * entry), entry);
        (ulong Offset, ulong Size) Place(ReadOnlySpan<byte> header) => wide ? (U64(header, 24), U64(header, 32)) : (U32(header, 16), U32(header, 20));

        var nameTable = names < count ? Place(Header(names)) : (0, 0);
        var sections = new List<Section>();
        for (var i = 0; i < count; i++)
        {
            var header = Header(i);
            var flags = wide ? U64(header, 8) : U32(header, 8);
            var (offset, size) = Place(header);
            if ((flags & ExecutableFlag) == 0 || U32(header, 4) == NoBits || size == 0)
            {
                continue;
            }

            if (offset > (ulong)bytes.Length || size > (ulong)bytes.Length - offset)
            {
                throw Bad(file, $"section {i} does not lie in the file; {raw}");
            }

            sections.Add(new Section(NameAt(bytes, nameTable, U32(header, 0)), wide ? U64(header, 16) : U32(header, 12), bytes.AsMemory((int)offset, (int)size)));
        }

        return sections.Count > 0 ? sections : throw Bad(file, $"it has no executable section; {raw}");
    }

    private static string NameAt(ReadOnlySpan<byte> file, (ulong Offset, ulong Size) table, uint index)
    {
        if (table.Offset > (ulong)file.Length || table.Size > (ulong)file.Length - table.Offset || index >= table.Size)
        {
            return "section";
        }

        var rest = file.Slice((int)(table.Offset + index), (int)(table.Size - index));
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static UserErrorException Bad(InputFile file, string problem) => new(ExitCodes.BadImage, $"{file.Path}: {problem}.");

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
