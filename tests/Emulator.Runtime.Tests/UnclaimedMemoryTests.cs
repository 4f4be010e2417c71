namespace Emulator.Runtime.Tests;

/// <summary>Who answers where nobody does, and the log of writes.</summary>
public sealed unsafe class UnclaimedMemoryTests
{
    [Fact]
    public void Unclaimed_addresses_reach_their_device_and_claimed_ones_do_not()
    {
        var seen = new List<(ulong Address, int Size, ulong? Value)>();
        using var memory = new PhysicalMemory(36)
        {
            Unclaimed = new DelegateDevice(
                (address, size) =>
                {
                    seen.Add((address, size, null));
                    return 0x1122334455667788;
                },
                (address, size, value) => seen.Add((address, size, value)),
                maxAccessSize: 8),
        };
        memory.AddRam(0, 0x1000);
        memory.AddRom(0x2000, [1, 2, 3, 4]);
        Assert.Equal(0u, memory.Read(0, 8));
        memory.Write(8, 8, 1);
        Assert.Equal(0x04030201u, memory.Read(0x2000, 4));
        Assert.Empty(seen);
        Assert.Equal(0x55667788u, memory.Read(0x1000, 4));
        memory.Write(0x2000, 2, 0xABCD);
        Assert.Equal(0x1122334455667788u, memory.Read(0x8_0000_0000, 8));
        Assert.Equal([(0x1000, 4, null), (0x2000, 2, 0xABCD), (0x8_0000_0000, 8, null)], seen);
        Assert.Equal((false, true, true, true), (memory.IsDevice(0x2000, write: false), memory.IsDevice(0x2000, write: true), memory.IsDevice(0x1000, write: false), memory.IsDevice(0x8_0000_0000, write: true)));
    }

    [Fact]
    public void A_logged_page_is_told_once_and_not_reached_directly_before()
    {
        var written = new List<ulong>();
        using var memory = new PhysicalMemory(36);
        memory.AddRam(0, 0x4000);
        memory.PageWritten += written.Add;
        memory.LogWrites(0x1000, 0x2000);
        Assert.Equal((true, false), (memory.TryGetHostPage(0x1000, write: false, out _), memory.TryGetHostPage(0x1000, write: true, out _)));
        memory.Write(0x1004, 4, 1);
        memory.Write(0x1008, 4, 1);
        memory.Write(0x3000, 4, 1);
        Assert.True(memory.TryGetHostPage(0x1000, write: true, out _));
        Assert.Equal([0x1000ul], written);
        memory.LogWrites(0x1000, 0x2000);
        memory.Write(0x1FFE, 4, 1);
        Assert.Equal([0x1000ul, 0x1000, 0x2000], written);
        memory.LogWrites(0x1000, 0x2000);
        memory.EndWriteLog(0x1000, 0x2000);
        memory.Write(0x1000, 4, 1);
        Assert.Equal(3, written.Count);
    }
}
