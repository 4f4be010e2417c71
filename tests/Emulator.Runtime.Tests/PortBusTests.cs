namespace Emulator.Runtime.Tests;

/// <summary>Who answers on the port bus.</summary>
public sealed class PortBusTests
{
    private readonly PortBus _bus = new();

    [Fact]
    public void A_later_mapping_stands_above_an_earlier_one_until_it_is_taken_off()
    {
        DelegateDevice below = Device(0x11), above = Device(0x22), other = Device(0x33);
        _bus.Map(0x100, 16, below);
        _bus.Map(0x108, 16, above);
        _bus.Map(0x110, 4, other);
        Assert.Equal([0x11ul, 0x22, 0x33, 0x22, 0xFF], Read(0x107, 0x108, 0x110, 0x114, 0x118));
        _bus.Unmap(above);
        Assert.Equal([0x11ul, 0x11, 0x33, 0xFF], Read(0x107, 0x108, 0x110, 0x114));
        _bus.Unmap(other);
        _bus.Map(0x100, 1, other); // takes a place that became free, and stands above all the same
        Assert.Equal([0x33ul, 0x11, 0xFF], Read(0x100, 0x101, 0x110));
        _bus.Unmap(other);
        Assert.Equal([0x11ul], Read(0x100));
    }

    [Fact]
    public void Wide_accesses_across_owners_are_made_byte_by_byte()
    {
        _bus.Map(0x20, 2, Device(0x11));
        _bus.Map(0x22, 2, Device(0x22));
        Assert.Equal(0x22221111u, _bus.Read(0x20, 4));
        Assert.Equal(0xFF22u, _bus.Read(0x23, 2));
        Assert.Equal(0xFFFFu, _bus.Read(0xFFFF, 2)); // wraps around
    }

    private static DelegateDevice Device(byte value) => new((_, _) => value, null);

    private IEnumerable<ulong> Read(params ulong[] ports) => [.. ports.Select(port => _bus.Read(port, 1))];
}
