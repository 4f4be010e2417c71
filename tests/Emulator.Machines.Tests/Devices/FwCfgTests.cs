using System.Buffers.Binary;
using System.Text;
using Emulator.Runtime;

namespace Emulator.Machines.Tests.Devices;

/// <summary>fw_cfg as its specification describes it: selector and data, directory, DMA.</summary>
public sealed class FwCfgTests : IDisposable
{
    private const int Selector = 0x510, Data = 0x511, DmaHigh = 0x514, DmaLow = 0x518;
    private const uint Read = 2, Skip = 4, Select = 8, Write = 16;

    private readonly PhysicalMemory _memory = new(32);
    private readonly FwCfg _device;

    public FwCfgTests()
    {
        _memory.AddRam(0, 0x100000);
        _device = new FwCfg(_memory);
        Assert.True(_device.AddFile("etc/second", "two"u8));
        Assert.True(_device.AddFile("etc/first", "1"u8));
    }

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Signature_and_version_with_dma()
    {
        Assert.Equal("QEMU", Encoding.ASCII.GetString(ReadItem(0x00, 4)));
        Assert.Equal([3, 0, 0, 0], ReadItem(0x01, 4));
        Assert.Equal(0x554D4551u, _device.ReadPort(DmaHigh, 4)); // "QEMU CFG" in memory order
        Assert.Equal(0x47464320u, _device.ReadPort(DmaLow, 4));
    }

    [Fact]
    public void Behind_its_end_and_without_content_an_item_is_zeros()
    {
        Assert.Equal("QEMU\0\0"u8.ToArray(), ReadItem(0x00, 6));
        Assert.Equal([0, 0], ReadItem(0x7777, 2));
    }

    [Fact]
    public void Directory_lists_files_in_order_with_sizes_and_keys()
    {
        byte[] directory = ReadItem(0x19, 4 + (2 * 64));
        Assert.Equal(2, BinaryPrimitives.ReadInt32BigEndian(directory));
        Assert.Equal("etc/first", Name(directory, 0));
        Assert.Equal("etc/second", Name(directory, 1));
        ReadOnlySpan<byte> second = directory.AsSpan(4 + 64);
        Assert.Equal(3, BinaryPrimitives.ReadInt32BigEndian(second));
        Assert.Equal("two", Encoding.ASCII.GetString(ReadItem(BinaryPrimitives.ReadUInt16BigEndian(second[4..]), 3)));
    }

    [Fact]
    public void Numbers_are_little_endian()
    {
        _device.Set(FwCfgKey.RamSize, 0x0123_4567, 8);
        Assert.Equal([0x67, 0x45, 0x23, 0x01, 0, 0, 0, 0], ReadItem((int)FwCfgKey.RamSize, 8));
    }

    [Fact]
    public void Dma_selects_skips_and_reads()
    {
        Assert.Equal(0u, Dma((0x21u << 16) | Select | Skip, 1, 0));
        _memory.Write(0x2003, 1, 0xCC);
        Assert.Equal(0u, Dma(Read, 3, 0x2000));
        Assert.Equal(0xCC00_6F77u, _memory.Read(0x2000, 4)); // "wo", a zero behind the end, and no more
    }

    [Fact]
    public void Dma_refuses_writes()
    {
        Assert.Equal(1u, Dma((0x21u << 16) | Select | Write, 3, 0x2000));
        Assert.Equal("two", Encoding.ASCII.GetString(ReadItem(0x21, 3)));
    }

    [Theory]
    [InlineData(0xFFFF_FFFFu, 0xFFFF_FFFFul)]
    [InlineData(0x0010_0000u, 0xFFFF_FFF0ul)]
    [InlineData(0x0000_1000u, ulong.MaxValue)]
    public void Dma_anywhere_does_no_harm(uint length, ulong address)
    {
        Dma(Read, length, address);
        Assert.Equal("QEMU", Encoding.ASCII.GetString(ReadItem(0, 4)));
    }

    [Fact]
    public void Long_names_are_refused()
    {
        Assert.False(_device.AddFile(new string('n', 56), "x"u8));
        Assert.True(_device.AddFile(new string('n', 55), "x"u8));
    }

    private static string Name(byte[] directory, int index) => Encoding.ASCII.GetString(directory, 4 + (index * 64) + 8, 56).TrimEnd('\0');

    private byte[] ReadItem(int key, int count)
    {
        _device.WritePort(Selector, 2, (uint)key);
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = _device.In(Data);
        return bytes;
    }

    /// <summary>Has a transfer done; returns the control field afterwards, which is zero on success.</summary>
    private uint Dma(uint control, uint length, ulong address)
    {
        Span<byte> access = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(access, control);
        BinaryPrimitives.WriteUInt32BigEndian(access[4..], length);
        BinaryPrimitives.WriteUInt64BigEndian(access[8..], address);
        _memory.CopyIn(0x1000, access);
        _device.WritePort(DmaHigh, 4, 0);
        _device.WritePort(DmaLow, 4, BinaryPrimitives.ReverseEndianness(0x1000u));
        _memory.CopyOut(0x1000, access[..4]);
        return BinaryPrimitives.ReadUInt32BigEndian(access);
    }
}
