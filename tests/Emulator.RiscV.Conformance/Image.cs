using System.Buffers.Binary;
using Emulator.Testing;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>What both machines find in RAM: the harness, blocks, and several cases of each block with registers of their own.</summary>
internal sealed class Image
{
    /// <summary>The upper half of a register that holds a single.</summary>
    private const ulong NaNBox = 0xFFFF_FFFF_0000_0000;

    private readonly RiscvWidth _width;
    private readonly List<Block> _cases = [];
    private readonly Random _random;
    private readonly FloatOperands _singles, _doubles;

    /// <summary>Fills RAM.</summary>
    /// <param name="width">The width of the harts.</param>
    /// <param name="next">Makes the block for an address.</param>
    /// <param name="instructions">How many instructions the blocks' cases execute together; less when RAM is full.</param>
    /// <param name="casesPerBlock">Cases of a block.</param>
    /// <param name="seed">Decides the registers.</param>
    public Image(RiscvWidth width, Func<ulong, Block> next, int instructions, int casesPerBlock, int seed)
    {
        _width = width;
        _random = new Random(seed);
        (_singles, _doubles) = (new FloatOperands(_random, 32), new FloatOperands(_random, 64));
        Layout = new Layout(width.Word, width.Metadata.Forms.Any(form => form.Instruction == "FSD"));
        Bytes = new byte[Layout.MemorySize];
        _random.NextBytes(Bytes.AsSpan((int)(Layout.Data - Layout.Base), (int)Layout.DataSize));
        ulong address = Layout.Code;
        int executed = 0;
        while (executed < instructions && _cases.Count + casesPerBlock <= Layout.MostCases && address < Layout.Cases - 0x1000)
        {
            Block block = next(address);
            block.Code.CopyTo(Bytes, (int)(address - Layout.Base));
            address += ((ulong)block.Code.Length + 3) & ~3ul;
            for (int i = 0; i < casesPerBlock; i++)
                AddCase(block);
            executed += block.Forms.Count * casesPerBlock;
        }

        Harness.Build(width, Layout, _cases.Count).CopyTo(Bytes, 0);
    }

    public Layout Layout { get; }

    /// <summary>RAM before the run.</summary>
    public byte[] Bytes { get; }

    /// <summary>The block of each case.</summary>
    public IReadOnlyList<Block> Cases => _cases;

    /// <summary>Writes a number of some bytes at an address.</summary>
    public void Write(ulong address, ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
            Bytes[(int)(address - Layout.Base) + i] = (byte)(value >> (8 * i));
    }

    /// <summary>The differences between what two machines left, in words.</summary>
    public IEnumerable<string> Differences(byte[] ours, byte[] theirs)
    {
        int size = Layout.ResultWords * _width.Word;
        foreach (int number in DifferingCases(ours, theirs))
            yield return Describe(number, ours.AsSpan(Layout.ResultOffset(number), size), theirs.AsSpan(Layout.ResultOffset(number), size));
        foreach ((ulong start, ulong length) in ((ulong, ulong)[])[(Layout.Data, Layout.DataSize), (Layout.Tables, Layout.TablesSize), (Layout.Calls, Layout.CallsSize)])
        {
            for (int i = (int)(start - Layout.Base), end = i + (int)length; i < end; i++)
            {
                if (ours[i] != theirs[i])
                    yield return $"memory at {Layout.Base + (ulong)i:x}: ours {ours[i]:x2}, QEMU's {theirs[i]:x2}";
            }
        }
    }

    /// <summary>The trap that ended a case, as its low half of mcause says.</summary>
    public uint Cause(byte[] memory, int number) =>
        BinaryPrimitives.ReadUInt32LittleEndian(memory.AsSpan(Layout.ResultOffset(number) + ((32 + Layout.FloatWords + Array.IndexOf(Layout.Csrs, "mcause")) * _width.Word)));

    /// <summary>Numbers of the cases whose results differ.</summary>
    public IEnumerable<int> DifferingCases(byte[] ours, byte[] theirs)
    {
        int size = Layout.ResultWords * _width.Word;
        return Enumerable.Range(0, _cases.Count).Where(n => !ours.AsSpan(Layout.ResultOffset(n), size).SequenceEqual(theirs.AsSpan(Layout.ResultOffset(n), size)));
    }

    private string Describe(int number, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs)
    {
        Block block = _cases[number];
        var text = new System.Text.StringBuilder($"case {number}:\n");
        for (int at = 0; at < block.Code.Length;)
        {
            if (_width.Disassemble(block.Code.AsSpan(at), block.Address + (ulong)at).Length == 0)
                break; // constants

            ulong pc = block.Address + (ulong)at;
            int length = (block.Code[at] & 3) == 3 ? 4 : 2;
            text.Append($"  {pc:x}: {_width.Disassemble(block.Code.AsSpan(at, length), pc)}\n");
            at += length;
        }

        for (int word = 1; word < Layout.ResultWords; word++)
        {
            ulong a = Word(ours, word), b = Word(theirs, word), input = word < Layout.InputWords ? Word(Bytes.AsSpan((int)(Layout.Inputs - Layout.Base) + (number * Layout.InputWords * _width.Word)), word) : 0;
            text.Append($"  {Layout.NameOf(word),-8} in {input:x16} ours {a:x16} QEMU {b:x16}{(a == b ? "" : "   <--")}\n");
        }

        return text.ToString();
    }

    private ulong Word(ReadOnlySpan<byte> bytes, int word) => _width.Word == 8
        ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * word)..])
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * word)..]);

    private void AddCase(Block block)
    {
        int number = _cases.Count, word = _width.Word;
        _cases.Add(block);
        Put((int)(Layout.Cases - Layout.Base) + (number * word), block.Address);
        int input = (int)(Layout.Inputs - Layout.Base) + (number * Layout.InputWords * word);
        for (int i = 1; i < 32; i++)
            Put(input + (i * word), i is 2 or 8 or 9 ? Layout.DataMiddle + (ulong)(8 * _random.Next(-64, 64)) : Value());
        for (int offset = 32 * word; offset < Layout.InputWords * word; offset += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(input + offset), _random.Next(2) == 0 ? _singles.Any() | NaNBox : _doubles.Any());
    }

    /// <summary>Values at which something happens, as often as any others.</summary>
    private ulong Value()
    {
        ulong one = 1ul << _random.Next(64);
        return _random.Next(8) switch
        {
            0 => (ulong)_random.Next(-4, 5),
            1 => one,
            2 => one - 1,
            3 => 0 - one,
            4 => (ulong)(int)_random.NextInt64(),
            5 => (uint)_random.NextInt64(),
            _ => (ulong)_random.NextInt64() ^ ((ulong)_random.Next(2) << 63),
        };
    }

    private void Put(int offset, ulong value)
    {
        if (_width.Word == 8)
            BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(offset), value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset), (uint)value);
    }
}
