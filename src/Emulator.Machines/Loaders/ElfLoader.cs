using System.Buffers.Binary;

namespace Emulator.Machines;

/// <summary>Statically linked little-endian ELF programs of 32 or 64 bits, loaded at the physical addresses of their segments (System V ABI, generic part, chapters 4 and 5).</summary>
public static class ElfLoader
{
    private const ushort Executable = 2;
    private const uint LoadableSegment = 1;

    /// <summary>Whether a file starts like an ELF file of any class.</summary>
    public static bool IsElf(ReadOnlySpan<byte> file) => file.Length >= 4 && file[0] == 0x7F && file[1] == 'E' && file[2] == 'L' && file[3] == 'F';

    /// <summary>Reads the program headers and checks every segment against file and RAM.</summary>
    public static Loaded<ExecutableImage> Load(ImageFile file, RamMap ram, ElfTarget target)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(ram);
        ArgumentNullException.ThrowIfNull(target);
        ReadOnlySpan<byte> bytes = file.Span;
        if (CheckHeader(file, target) is { } problem)
            return problem;

        bool wide = target.Bits == 64;
        ulong entry = Word(bytes, 24, wide);
        ulong tableOffset = wide ? Word(bytes, 32, wide) : Word(bytes, 28, wide);
        ushort entrySize = U16(bytes, wide ? 54 : 42);
        ushort count = U16(bytes, wide ? 56 : 44);
        if (entrySize < target.ProgramHeaderSize || tableOffset > (uint)bytes.Length || (ulong)entrySize * count > (uint)bytes.Length - tableOffset)
        {
            return new ImageError(file.Name, "ELF header, e_phoff", $"the {count} program headers of {entrySize} bytes at 0x{tableOffset:x} do not lie in the file",
                "the file is cut short or damaged: build or copy it again");
        }

        var segments = new List<LoadSegment>();
        ulong? physicalEntry = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = bytes.Slice((int)tableOffset + (i * entrySize), target.ProgramHeaderSize);
            if (U32(header, 0) != LoadableSegment)
                continue;
            int word = wide ? 8 : 4;
            ulong offset = Word(header, word, wide), virtualAddress = Word(header, 2 * word, wide), address = Word(header, 3 * word, wide);
            ulong fileSize = Word(header, 4 * word, wide), memorySize = Word(header, 5 * word, wide);
            string place = $"program header {i}";
            if (offset > (uint)bytes.Length || fileSize > (uint)bytes.Length - offset)
            {
                return new ImageError(file.Name, place, $"its {fileSize} bytes at 0x{offset:x} do not lie in the file of {bytes.Length} bytes",
                    "the file is cut short or damaged: build or copy it again");
            }

            if (memorySize < fileSize)
                return new ImageError(file.Name, place, $"it is smaller in memory ({memorySize} bytes) than in the file ({fileSize} bytes)", "the file is damaged: build it again");
            if (memorySize == 0)
                continue;
            if (!ram.Contains(address, memorySize))
            {
                return new ImageError(file.Name, place, $"there is no RAM at 0x{address:x} to 0x{address + memorySize:x}",
                    "link it to other physical addresses, or give the machine more memory");
            }

            if (entry - virtualAddress < memorySize)
                physicalEntry ??= entry - virtualAddress + address;
            segments.Add(new LoadSegment(address, file.Content.Slice((int)offset, (int)fileSize), memorySize));
        }

        if (segments.Count == 0)
            return new ImageError(file.Name, "program headers", "nothing is to be loaded", "link it as an executable (an object file has no program headers)");
        return new ExecutableImage(segments, physicalEntry ?? entry);
    }

    private static ImageError? CheckHeader(ImageFile file, ElfTarget target)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (!IsElf(bytes))
            return new ImageError(file.Name, "offset 0", "this is no ELF file", "give an ELF executable");
        if (bytes.Length < target.HeaderSize)
            return new ImageError(file.Name, "ELF header", $"the file has only {bytes.Length} bytes", "the file is cut short: build or copy it again");
        if (bytes[4] != target.Bits / 32)
        {
            int bits = bytes[4] == 2 ? 64 : 32;
            return new ImageError(file.Name, "ELF header, EI_CLASS", $"this is a {bits}-bit file, the machine's processor has {target.Bits} bits", target.Remedy);
        }

        if (bytes[5] != 1)
            return new ImageError(file.Name, "ELF header, EI_DATA", "the file is big-endian", $"build it for {target.Name}");
        if (U16(bytes, 18) != target.Machine)
            return new ImageError(file.Name, "ELF header, e_machine", $"the file is for machine {U16(bytes, 18)}, not for {target.Name} ({target.Machine})", $"build it for {target.Name}");
        if (U16(bytes, 16) != Executable)
            return new ImageError(file.Name, "ELF header, e_type", $"the file is of type {U16(bytes, 16)}, not executable (2)", "link it statically, at a fixed address (-static -no-pie)");
        return null;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static ulong Word(ReadOnlySpan<byte> bytes, int offset, bool wide) => wide ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]) : U32(bytes, offset);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
