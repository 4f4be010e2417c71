using System.Buffers.Binary;

namespace Emulator.Machines;

/// <summary>The header by which a kernel says how it wants to be loaded (Multiboot Specification 0.6.96, section 3.1).</summary>
/// <param name="Offset">Where it lies in the file.</param>
/// <param name="Flags">Requests: bit 0 page-aligned modules, 1 memory information, 2 video mode, 16 the address fields count.</param>
/// <param name="HeaderAddress">Physical address of the header.</param>
/// <param name="LoadAddress">Physical address of the first byte loaded.</param>
/// <param name="LoadEnd">One past the last byte of the file that is loaded; 0 for the whole file.</param>
/// <param name="BssEnd">One past the last byte cleared; 0 for none.</param>
/// <param name="Entry">Physical address of the first instruction.</param>
public sealed record MultibootHeader(int Offset, uint Flags, uint HeaderAddress, uint LoadAddress, uint LoadEnd, uint BssEnd, uint Entry)
{
    private const uint Magic = 0x1BADB002;
    private const int SearchLength = 8192;

    /// <summary>Whether the address fields replace those of an ELF header.</summary>
    public bool HasAddresses => (Flags & 0x10000) != 0;

    /// <summary>Finds the header in the first 8192 bytes, at a multiple of 4.</summary>
    /// <returns>Null when there is none whose checksum is right.</returns>
    public static MultibootHeader? Find(ReadOnlySpan<byte> file)
    {
        int end = Math.Min(file.Length, SearchLength);
        for (int offset = 0; offset + 12 <= end; offset += 4)
        {
            uint flags = U32(file, offset + 4);
            if (U32(file, offset) != Magic || Magic + flags + U32(file, offset + 8) != 0)
                continue;
            if ((flags & 0x10000) == 0)
                return new MultibootHeader(offset, flags, 0, 0, 0, 0, 0);
            if (offset + 32 > file.Length)
                return null;
            return new MultibootHeader(offset, flags, U32(file, offset + 12), U32(file, offset + 16), U32(file, offset + 20), U32(file, offset + 24), U32(file, offset + 28));
        }

        return null;
    }

    private static uint U32(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file[offset..]);
}
