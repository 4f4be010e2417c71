using System.Buffers.Binary;
using System.Text;
using Emulator.Runtime;

namespace Emulator.Machines.Tests.Devices;

/// <summary>The virtio transport, block device and console, driven as a driver does.</summary>
public sealed class VirtioTests : IDisposable
{
    private const ulong Ram = 0x8000_0000, Table = Ram, Available = Ram + 0x1000, Used = Ram + 0x2000, Data = Ram + 0x3000;
    private const ushort Next = 1, Write = 2;

    private readonly PhysicalMemory _memory = new(40);
    private readonly List<byte> _printed = [];
    private readonly byte[] _image = new byte[4 * 512];
    private readonly VirtioBlock _block;
    private readonly VirtioConsole _console;
    private VirtioMmio _slot;

    public VirtioTests()
    {
        _memory.AddRam(Ram, 1 << 20);
        new Random(1).NextBytes(_image);
        _block = new VirtioBlock(_image);
        _console = new VirtioConsole(_printed.Add);
        _slot = new VirtioMmio(0, _block, _memory);
    }

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void An_empty_slot_has_device_id_zero()
    {
        _slot = new VirtioMmio(3, null, _memory);
        Assert.Equal(0x74726976u, Get(0));
        Assert.Equal(2u, Get(4));
        Assert.Equal(0u, Get(8));
        Set(0x70, 0xF);
        Assert.Equal(0u, Get(0x70));
    }

    [Fact]
    public void Features_ok_sticks_only_for_what_is_offered()
    {
        Assert.Equal(2u, Get(8));
        Set(0x14, 1);
        Assert.Equal(1u, Get(0x10));
        Set(0x70, 0xB);
        Assert.Equal(3u, Get(0x70)); // VERSION_1 was not accepted
        Set(0x24, 1);
        Set(0x20, 3);
        Set(0x70, 0xB);
        Assert.Equal(3u, Get(0x70)); // bit 33 was not offered
        Set(0x20, 1);
        Set(0x70, 0xB);
        Assert.Equal(0xBu, Get(0x70));
        Set(0x70, 0);
        Assert.Equal(0u, Get(0x70));
    }

    [Fact]
    public void The_disk_is_read_in_pieces()
    {
        SetUp(0);
        Assert.Equal(4u, Get(0x100));
        byte status = Request(type: 0, sector: 1, (Data + 0x100, 500, Write), (Data + 0x800, 524, Write));
        Assert.Equal(0, status);
        Assert.Equal(_image[512..1012], Peek(Data + 0x100, 500));
        Assert.Equal(_image[1012..1536], Peek(Data + 0x800, 524));
        Assert.Equal(1u, Get(0x60));
        Assert.True(_slot.Irq.Level);
        Set(0x64, 1);
        Assert.False(_slot.Irq.Level);
        Assert.Equal(1025u, BinaryPrimitives.ReadUInt32LittleEndian(Peek(Used + 8, 4)));
    }

    [Fact]
    public void The_disk_is_written_and_a_snapshot_holds_what_changed()
    {
        SetUp(0);
        byte[] content = Encoding.ASCII.GetBytes(new string('x', 512));
        _memory.CopyIn(Data + 0x400, content);
        Assert.Equal(0, Request(type: 1, sector: 3, (Data + 0x400, 512, 0)));
        Assert.Equal(content, _block.Content.Slice(3 * 512, 512).ToArray());
        var other = new VirtioBlock(_image);
        Assert.Null(SnapshotProbe.Load(other, SnapshotProbe.Save(_block)));
        Assert.Equal(_block.Content.ToArray(), other.Content.ToArray());
    }

    [Theory]
    [InlineData(0, 3ul, 1024u, 1)] // beyond the end
    [InlineData(0, ulong.MaxValue, 512u, 1)]
    [InlineData(0, 0ul, 100u, 1)] // no whole sectors
    [InlineData(99, 0ul, 512u, 2)] // no such request
    [InlineData(4, 0ul, 512u, 0)] // flush
    public void Requests_have_the_status_the_specification_gives_them(uint type, ulong sector, uint length, byte expected)
    {
        SetUp(0);
        Assert.Equal(expected, Request(type, sector, (Data + 0x400, length, Write)));
    }

    [Fact]
    public void A_chain_in_a_circle_breaks_the_queue_until_the_driver_resets_it()
    {
        SetUp(0);
        Descriptor(0, Data, 16, Next, next: 1);
        Descriptor(1, Data, 16, Next, next: 0);
        Offer(0);
        Set(0x50, 0);
        Assert.Equal(0x40u, Get(0x70) & 0x40);
        Assert.Equal(2u, Get(0x60));
        SetUp(0);
        Assert.Equal(0u, Get(0x70) & 0x40);
        Assert.Equal(0, Request(type: 4, sector: 0));
    }

    [Fact]
    public void The_console_prints_and_receives()
    {
        _slot = new VirtioMmio(1, _console, _memory);
        SetUp(1);
        _memory.CopyIn(Data, "hello"u8);
        Descriptor(0, Data, 5, 0, 0);
        Offer(0);
        Set(0x50, 1);
        Assert.Equal("hello", Encoding.ASCII.GetString([.. _printed]));

        _memory.CopyIn(Available, new byte[0x100]);
        _memory.CopyIn(Used, new byte[0x100]);
        SetUpQueue(0);
        _console.Receive("early"u8);
        Descriptor(0, Data + 0x100, 3, Write, 0);
        Descriptor(1, Data + 0x200, 64, Write, 0);
        Offer(0, 1);
        Set(0x50, 0);
        Assert.Equal("ear"u8.ToArray(), Peek(Data + 0x100, 3));
        Assert.Equal("ly"u8.ToArray(), Peek(Data + 0x200, 2));
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32LittleEndian(Peek(Used + 4 + 8 + 4, 4)));
    }

    [Fact]
    public void Random_registers_and_rings_do_no_harm()
    {
        var random = new Random(7);
        foreach (VirtioDevice device in (VirtioDevice[])[_block, _console])
        {
            _slot = new VirtioMmio(2, device, _memory);
            for (int i = 0; i < 3_000; i++)
            {
                var noise = new byte[64];
                random.NextBytes(noise);
                if (i % 4 != 0)
                    noise.AsSpan(2).Clear();
                _memory.CopyIn(Ram + (ulong)(16 * random.Next(0x400)), noise);
                if (i % 50 == 0)
                    SetUp(random.Next(2));
                ulong register = (ulong)random.Next(0x110);
                if (random.Next(2) == 0)
                    _slot.Write(register, 4, (ulong)random.NextInt64() & (random.Next(2) == 0 ? 3u : uint.MaxValue));
                else
                    _slot.Read(register, 1 << random.Next(4));
                _slot.Write(0x50, 4, (ulong)random.Next(3));
            }
        }

        Assert.Equal(_image.Length, _block.Content.Length);
    }

    private void SetUp(int queue)
    {
        Set(0x70, 0);
        Set(0x70, 3);
        Set(0x24, 1);
        Set(0x20, 1);
        Set(0x70, 0xB);
        SetUpQueue(queue);
        Set(0x70, 0xF);
        _memory.CopyIn(Available, new byte[0x100]);
        _memory.CopyIn(Used, new byte[0x100]);
    }

    private void SetUpQueue(int queue)
    {
        Set(0x30, (uint)queue);
        Set(0x38, 8);
        foreach ((ulong register, ulong address) in ((ulong, ulong)[])[(0x80, Table), (0x90, Available), (0xA0, Used)])
        {
            Set(register, (uint)address);
            Set(register + 4, (uint)(address >> 32));
        }

        Set(0x44, 1);
        if (queue < 2 && Get(0x34) != 0)
            Assert.Equal(1u, Get(0x44));
    }

    /// <summary>A block request with header and status around its data; returns the status.</summary>
    private byte Request(uint type, ulong sector, params (ulong Address, uint Length, ushort Flags)[] data)
    {
        const ulong Header = Data, Status = Data + 0x20;
        var header = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), sector);
        _memory.CopyIn(Header, header);
        _memory.CopyIn(Status, [0xEE]);
        Descriptor(0, Header, 16, Next, 1);
        ushort index = 1;
        foreach ((ulong address, uint length, ushort flags) in data)
            Descriptor(index, address, length, (ushort)(flags | Next), ++index);
        Descriptor(index, Status, 1, Write, 0);
        Offer(0);
        Set(0x50, 0);
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(Peek(Used + 2, 2)));
        return Peek(Status, 1)[0];
    }

    private void Descriptor(ushort index, ulong address, uint length, ushort flags, ushort next)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), flags);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(14), next);
        _memory.CopyIn(Table + (16 * (ulong)index), bytes);
    }

    private void Offer(params ushort[] heads)
    {
        for (int i = 0; i < heads.Length; i++)
            _memory.CopyIn(Available + 4 + (2 * (ulong)i), BitConverter.GetBytes(heads[i]));
        _memory.CopyIn(Available + 2, BitConverter.GetBytes((ushort)heads.Length));
    }

    private byte[] Peek(ulong address, int count)
    {
        var bytes = new byte[count];
        _memory.CopyOut(address, bytes);
        return bytes;
    }

    private uint Get(ulong register) => (uint)_slot.Read(register, 4);

    private void Set(ulong register, uint value) => _slot.Write(register, 4, value);
}
