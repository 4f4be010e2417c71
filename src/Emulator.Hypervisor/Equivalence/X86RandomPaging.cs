using System.Buffers.Binary;

namespace Emulator.Hypervisor;

/// <summary>
/// Page tables of random guests, and code that lives from them: two address spaces that share tables, a directory that is its own table, a large page over everything; entries are rewritten, with and
/// without a flush, and looked at through every alias.
/// </summary>
/// <param name="random">Where the code comes from.</param>
/// <param name="wide">Whether the guest uses PAE.</param>
internal sealed class X86RandomPaging(Random random, bool wide)
{
    /// <summary>Pages of RAM.</summary>
    public const int Pages = 256;

    // The tables of either kind: roots of two address spaces, directories, a table.
    private const uint Roots = 0x4000, Directories = 0x6000, Table = 0x8000;

    // Where the directory appears as a table, and what is there then; and a large page at 0.
    private const uint Recursive = 0x40_0000, Large = 0xC0_0000;

    // Pages of tables, code and data that are worth looking at, and one where a monitor may keep its own.
    private const uint CodePage = 0x10, DataPage = 0x20, StackPage = 0x47, Beyond = 0xFFC00;

    private readonly byte[] _code = new byte[16];

    private int Size => wide ? 8 : 4;

    /// <summary>CR3 of an address space, 0 or 1.</summary>
    public static uint RootOf(int space, bool wide) => wide ? Roots + (0x20 * (uint)space) : Directories + (0x1000 * (uint)space);

    /// <summary>Fills the tables: the RAM at its own address, most pages with every right.</summary>
    /// <param name="random">Which.</param>
    /// <param name="ram">The RAM.</param>
    /// <param name="wide">Whether the guest uses PAE.</param>
    /// <param name="reachable">Whether the tables are mapped themselves.</param>
    public static void FillTables(Random random, Span<byte> ram, bool wide, bool reachable)
    {
        for (uint page = 0; page < Pages; page++)
        {
            uint rights = random.Next(24) == 0 ? (uint)random.Next(8) : 7;
            Put(ram, Table, (int)page, (page << 12) | (!reachable && page is >= Roots >> 12 and <= Table >> 12 ? 0 : rights), wide);
        }

        for (uint space = 0; space < 2; space++)
        {
            uint directory = Directories + (0x1000 * space);
            Put(ram, directory, 0, Table | 7, wide);
            if (reachable)
            {
                Put(ram, directory, (int)(Recursive >> (wide ? 21 : 22)), directory | 7, wide);
                Put(ram, directory, (int)(Large >> (wide ? 21 : 22)), 0x87, wide);
            }

            Put(ram, Roots + (0x20 * space), 0, directory | 1, true);
        }
    }

    /// <summary>A few instructions.</summary>
    public ReadOnlySpan<byte> Next()
    {
        switch (random.Next(10))
        {
            case 0: // mov dword [entry], value
            case 1:
                Write(0xC7, 0x05, EntryAddress());
                return Tail(6, Value());
            case 2: // and dword [entry], not some of A, D, W, U
                Write(0x83, 0x25, EntryAddress());
                _code[6] = (byte)~(random.Next(4) switch { 0 => 0x20, 1 => 0x40, 2 => 0x60, _ => 1 << random.Next(7) });
                return _code.AsSpan(0, 7);
            case 3: // or dword [entry], some bits
                Write(0x83, 0x0D, EntryAddress());
                _code[6] = (byte)(1 << random.Next(7));
                return _code.AsSpan(0, 7);
            case 4: // invlpg [somewhere]
                (_code[0], _code[1], _code[2]) = (0x0F, 0x01, 0x3D);
                return Tail(3, Somewhere());
            case 5: // mov eax, root; mov cr3, eax
                _code[0] = 0xB8;
                BinaryPrimitives.WriteUInt32LittleEndian(_code.AsSpan(1), RootOf(random.Next(2), wide));
                (_code[5], _code[6], _code[7]) = (0x0F, 0x22, 0xD8);
                return _code.AsSpan(0, 8);
            case 6: // mov eax, cr0; xor eax, WP; mov cr0, eax
                ReadOnlySpan<byte> toggle = [0x0F, 0x20, 0xC0, 0x0F, 0xBA, 0xF8, 0x10, 0x0F, 0x22, 0xC0];
                toggle.CopyTo(_code);
                return _code.AsSpan(0, toggle.Length);
            case 7: // mov [somewhere], eax
                _code[0] = 0xA3;
                return Tail(1, (Somewhere() & ~0xFFFu) + (uint)random.Next(0x1000));
            default: // mov eax, [somewhere]
                _code[0] = 0xA1;
                return Tail(1, Somewhere());
        }
    }

    private static void Put(Span<byte> ram, uint table, int index, uint entry, bool wide)
    {
        if (wide)
            BinaryPrimitives.WriteUInt64LittleEndian(ram[((int)table + (8 * index))..], entry);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(ram[((int)table + (4 * index))..], entry);
    }

    private void Write(byte opcode, byte modrm, uint address)
    {
        (_code[0], _code[1]) = (opcode, modrm);
        BinaryPrimitives.WriteUInt32LittleEndian(_code.AsSpan(2), address);
    }

    private ReadOnlySpan<byte> Tail(int at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_code.AsSpan(at), value);
        return _code.AsSpan(0, at + 4);
    }

    /// <summary>A linear address of an entry, through one of its aliases: of a page in use, or now and then of a directory.</summary>
    private uint EntryAddress()
    {
        bool directory = random.Next(8) == 0;
        int index = directory ? random.Next(8) : (int)(SomePage() % Pages);
        uint alias = directory ? Recursive + ((Recursive >> (wide ? 21 : 22)) << 12) : Recursive;
        uint at = (uint)(Size * index) + (wide && random.Next(16) == 0 ? 4u : 0);
        return at + random.Next(3) switch { 0 => alias, 1 => Large + (directory ? Directories : Table), _ => directory ? Directories : Table };
    }

    private uint Value() => (random.Next(3) == 0 ? SomePage() : (uint)random.Next(Pages)) << 12 | (random.Next(4) == 0 ? (uint)random.Next(0x80) : 7) | (random.Next(2) == 0 ? 0x60u : 0);

    private uint Somewhere() => (random.Next(4) switch { 0 => Recursive, 1 => Large, _ => 0 }) + ((SomePage() % Pages) << 12) + (uint)random.Next(0xFFC);

    private uint SomePage() => random.Next(8) switch
    {
        0 => (uint)random.Next(Pages),
        1 => CodePage + (uint)random.Next(4),
        2 => Table >> 12,
        3 => Directories >> 12,
        4 => StackPage,
        5 when random.Next(8) == 0 => Beyond,
        _ => DataPage + (uint)random.Next(4),
    };
}
