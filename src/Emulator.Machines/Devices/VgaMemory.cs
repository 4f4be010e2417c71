using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The four 64 KB planes of a VGA as the processor reaches them at A0000 to BFFFF (IBM VGA technical reference, graphics controller and sequencer).</summary>
internal sealed class VgaMemory : IBusDevice
{
    public const int PlaneSize = 0x10000;

    private readonly VgaRegisters _registers;
    private uint _latch;

    public VgaMemory(VgaRegisters registers) => _registers = registers;

    /// <summary>The planes: a byte of each per entry, plane 0 in the low byte.</summary>
    public uint[] Planes { get; } = new uint[PlaneSize];

    /// <summary>Counts writes, so that a viewer knows when to look again.</summary>
    public int Generation { get; private set; }

    public int MaxAccessSize => 4;

    public ulong Read(ulong offset, int size)
    {
        uint value = 0;
        for (int i = 0; i < size; i++)
            value |= (uint)ReadByte((int)offset + i) << (8 * i);
        return value;
    }

    public void Write(ulong offset, int size, ulong value)
    {
        for (int i = 0; i < size; i++)
            WriteByte((int)offset + i, (byte)(value >> (8 * i)));
        Generation++;
    }

    public void Transfer(SnapshotStream s)
    {
        s.Values<uint>(Planes);
        s.Value(ref _latch);
    }

    private byte ReadByte(int offset)
    {
        if (!TryDecode(offset, out int address))
            return 0xFF;
        byte[] gr = _registers.Graphics;
        int plane = gr[4] & 3;
        if (_registers.Chain4)
        {
            plane = address & 3;
            address &= ~3;
        }
        else if ((gr[5] & 0x10) != 0)
        {
            plane = (plane & 2) | (address & 1);
            address &= ~1;
        }

        _latch = Planes[address];
        if ((gr[5] & 0x08) == 0)
            return (byte)(_latch >> (8 * plane));

        // Read mode 1: a bit per pixel whose colour equals colour compare in the planes that matter.
        uint differs = (_latch ^ Expand(gr[2])) & Expand(gr[7]);
        return (byte)~(differs | (differs >> 8) | (differs >> 16) | (differs >> 24));
    }

    private void WriteByte(int offset, byte value)
    {
        if (!TryDecode(offset, out int address))
            return;
        byte[] gr = _registers.Graphics;
        int planes = _registers.Sequencer[2] & 15;
        if (_registers.Chain4)
        {
            planes &= 1 << (address & 3);
            address &= ~3;
        }
        else if ((_registers.Sequencer[4] & 4) == 0)
        {
            planes &= (address & 1) != 0 ? 0xA : 0x5;
            address &= ~1;
        }

        uint data = Compose(gr, value);
        uint mask = Expand(planes);
        Planes[address] = (Planes[address] & ~mask) | (data & mask);
    }

    private uint Compose(byte[] gr, byte value)
    {
        int mode = gr[5] & 3;
        if (mode == 1)
            return _latch;

        int rotate = gr[3] & 7;
        byte rotated = (byte)((value >> rotate) | (value << (8 - rotate)));
        uint data;
        uint bits = gr[8] * 0x0101_0101u;
        switch (mode)
        {
            case 0:
                uint enabled = Expand(gr[1]);
                data = ((rotated * 0x0101_0101u) & ~enabled) | (Expand(gr[0]) & enabled);
                break;
            case 2:
                data = Expand(value);
                break;
            default:
                data = Expand(gr[0]);
                bits &= rotated * 0x0101_0101u;
                break;
        }

        data = ((gr[3] >> 3) & 3) switch
        {
            1 => data & _latch,
            2 => data | _latch,
            3 => data ^ _latch,
            _ => data,
        };
        return (data & bits) | (_latch & ~bits);
    }

    /// <summary>Applies the window of graphics register 6.</summary>
    private bool TryDecode(int offset, out int address)
    {
        (int start, int length) = ((_registers.Graphics[6] >> 2) & 3) switch
        {
            0 => (0x00000, 0x20000),
            1 => (0x00000, 0x10000),
            2 => (0x10000, 0x08000),
            _ => (0x18000, 0x08000),
        };
        address = (offset - start) & (PlaneSize - 1);
        return offset >= start && offset < start + length && (_registers.MiscOutput & 2) != 0;
    }

    /// <summary>A bit per plane to a byte per plane.</summary>
    private static uint Expand(int planes)
    {
        uint value = 0;
        for (int i = 0; i < 4; i++)
        {
            if ((planes & (1 << i)) != 0)
                value |= 0xFFu << (8 * i);
        }

        return value;
    }
}
