using System.Buffers.Binary;

namespace Emulator.Machines.Tests.Loaders;

/// <summary>Small images for loader tests, laid out by hand.</summary>
internal static class ElfBytes
{
    public const int HeaderSize = 52, ProgramHeaderSize = 32;

    /// <summary>An executable with one segment of code; the file is followed by the code.</summary>
    public static byte[] Executable(uint address, uint memorySize, params ReadOnlySpan<byte> code)
    {
        const int Start = HeaderSize + ProgramHeaderSize;
        var file = new byte[Start + code.Length];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1 }.CopyTo(file, 0);
        U16(file, 16, 2);
        U16(file, 18, 3);
        U32(file, 20, 1);
        U32(file, 24, address);
        U32(file, 28, HeaderSize);
        U16(file, 40, HeaderSize);
        U16(file, 42, ProgramHeaderSize);
        U16(file, 44, 1);
        U32(file, HeaderSize, 1);
        U32(file, HeaderSize + 4, Start);
        U32(file, HeaderSize + 8, address);
        U32(file, HeaderSize + 12, address);
        U32(file, HeaderSize + 16, (uint)code.Length);
        U32(file, HeaderSize + 20, memorySize);
        code.CopyTo(file.AsSpan(Start));
        return file;
    }

    /// <summary>A flat multiboot kernel with the address fields, loaded and entered behind its header.</summary>
    public static byte[] Multiboot(uint loadAddress, uint bssEnd, params ReadOnlySpan<byte> code)
    {
        var file = new byte[32 + code.Length];
        const uint Magic = 0x1BADB002, Flags = 0x10003;
        uint[] header = [Magic, Flags, unchecked(0u - Magic - Flags), loadAddress, loadAddress, 0, bssEnd, loadAddress + 32];
        for (int i = 0; i < header.Length; i++)
            U32(file, 4 * i, header[i]);
        code.CopyTo(file.AsSpan(32));
        return file;
    }

    public static void U16(byte[] file, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);

    public static void U32(byte[] file, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
}
