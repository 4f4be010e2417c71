using System.Buffers.Binary;
using System.Text;

namespace Emulator.Machines;

/// <summary>The boot information a kernel finds at EBX (Multiboot Specification 0.6.96, section 3.3), with everything it points to behind it.</summary>
internal sealed class MultibootInformation
{
    private const int StructureSize = 120, ModuleSize = 16, MapEntrySize = 24;

    // Fields present: 0 memory sizes, 2 command line, 3 modules, 6 memory map, 9 loader's name, 12 frame buffer.
    private const uint Flags = (1 << 0) | (1 << 2) | (1 << 3) | (1 << 6) | (1 << 9) | (1 << 12);
    private const string LoaderName = "Emulator";

    private readonly string _commandLine;
    private readonly IReadOnlyList<(uint Start, uint End, string CommandLine)> _modules;
    private readonly List<(ulong Start, ulong Length, uint Type)> _map;
    private readonly RamMap _ram;

    public MultibootInformation(string commandLine, IReadOnlyList<(uint Start, uint End, string CommandLine)> modules, RamMap ram)
    {
        _commandLine = commandLine;
        _modules = modules;
        _ram = ram;
        _map = [.. ram.Ranges.Select(r => (r.Start, r.Length, 1u))];
        _map.Add((RamMap.ConventionalEnd, 0xA0000 - RamMap.ConventionalEnd, 2));
        _map.Add((0xF0000, 0x10000, 2));
        _map.Sort();
    }

    /// <summary>Size in bytes of the structure and what follows.</summary>
    public int Size => Strings(_ => { }) + StringsStart;

    private int MapStart => StructureSize + (_modules.Count * ModuleSize);

    private int StringsStart => MapStart + (_map.Count * MapEntrySize);

    /// <summary>Builds the bytes for an address.</summary>
    public byte[] Build(uint address)
    {
        var bytes = new byte[Size];
        var strings = new List<uint>();
        Strings(s =>
        {
            strings.Add((uint)s.Offset + (uint)StringsStart + address);
            s.Text.CopyTo(bytes, StringsStart + s.Offset);
        });

        Put(bytes, 0, Flags);
        Put(bytes, 4, (uint)Math.Min(_ram.Ranges.FirstOrDefault()?.End ?? 0, RamMap.ConventionalEnd) / 1024);
        Put(bytes, 8, (uint)Math.Min((_ram.ExtendedEnd - RamMap.ExtendedStart) / 1024, uint.MaxValue));
        Put(bytes, 16, strings[0]);
        Put(bytes, 20, (uint)_modules.Count);
        Put(bytes, 24, address + StructureSize);
        Put(bytes, 44, (uint)(_map.Count * MapEntrySize));
        Put(bytes, 48, address + (uint)MapStart);
        Put(bytes, 64, strings[1]);

        // Frame buffer: EGA text (type 2), 80 by 25 characters of 16 bits at B8000.
        Put(bytes, 88, 0xB8000);
        Put(bytes, 96, 160);
        Put(bytes, 100, 80);
        Put(bytes, 104, 25);
        bytes[108] = 16;
        bytes[109] = 2;

        for (int i = 0; i < _modules.Count; i++)
        {
            int at = StructureSize + (i * ModuleSize);
            Put(bytes, at, _modules[i].Start);
            Put(bytes, at + 4, _modules[i].End);
            Put(bytes, at + 8, strings[2 + i]);
        }

        for (int i = 0; i < _map.Count; i++)
        {
            int at = MapStart + (i * MapEntrySize);
            Put(bytes, at, MapEntrySize - 4); // the size does not count itself
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 4), _map[i].Start);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 12), _map[i].Length);
            Put(bytes, at + 20, _map[i].Type);
        }

        return bytes;
    }

    /// <summary>Visits command line, loader name and module lines with their offsets; returns the total length.</summary>
    private int Strings(Action<(int Offset, byte[] Text)> visit)
    {
        int offset = 0;
        foreach (string text in _modules.Select(m => m.CommandLine).Prepend(LoaderName).Prepend(_commandLine))
        {
            byte[] encoded = Encoding.UTF8.GetBytes(text + '\0');
            visit((offset, encoded));
            offset += encoded.Length;
        }

        return offset;
    }

    private static void Put(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
}
