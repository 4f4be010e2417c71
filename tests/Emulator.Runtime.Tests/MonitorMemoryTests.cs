namespace Emulator.Runtime.Tests;

/// <summary>The physical memory of a monitor's machine: its guest's, and a gigabyte the guest does not have.</summary>
public sealed unsafe class MonitorMemoryTests
{
    [Fact]
    public void Pages_are_shared_but_for_the_monitors_own()
    {
        using var guest = new PhysicalMemory(36);
        guest.AddRam(0, 0x2000);
        guest.MapDevice(0xFEC0_0000, 16, new DelegateDevice((_, _) => 9, null));
        using var monitor = new PhysicalMemory(guest, below: 1UL << 32);
        using var second = new PhysicalMemory(monitor, below: 1UL << 32);
        Assert.Equal((0x8000_0000ul, 0x4000_0000ul), (monitor.OwnBase, second.OwnBase));
        Assert.True(monitor.IsOwn(0xBFFF_FFFF) && !monitor.IsOwn(0x7FFF_FFFF) && !monitor.IsOwn(0xC000_0000) && !second.IsOwn(0x8000_0000) && !guest.IsOwn(0));
        monitor.AddRam(monitor.OwnBase, 0x1000);
        second.AddRam(second.OwnBase, 0x1000);
        monitor.Write(0x10, 4, 0x1234);
        monitor.Write(monitor.OwnBase, 4, 0x5678);
        second.Write(second.OwnBase, 4, 0x9ABC);
        Assert.Equal((0x1234ul, 0x1234ul, 0x1234ul), (guest.Read(0x10, 4), monitor.Read(0x10, 4), second.Read(0x10, 4)));
        Assert.Equal((0xFFFF_FFFFul, 0x5678ul, 0x5678ul), (guest.Read(monitor.OwnBase, 4), monitor.Read(monitor.OwnBase, 4), second.Read(monitor.OwnBase, 4)));
        Assert.Equal((0xFFFF_FFFFul, 0x9ABCul), (monitor.Read(second.OwnBase, 4), second.Read(second.OwnBase, 4)));
        guest.AddRam(0x1_0000_0000, 0x1000);
        guest.Write(0x1_0000_0000, 1, 7);
        Assert.Equal(7ul, second.Read(0x1_0000_0000, 1));
    }

    [Fact]
    public void Where_the_guest_has_something_everywhere_the_highest_gigabyte_is_hidden()
    {
        using var guest = new PhysicalMemory(32);
        guest.AddRam(0xFFFF_F000, 0x1000);
        guest.AddRam(0xBFFF_F000, 0x1000);
        guest.AddRam(0x7FFF_F000, 0x1000);
        guest.AddRam(0x3FFF_F000, 0x1000);
        using var monitor = new PhysicalMemory(guest, below: 1UL << 32);
        Assert.Equal(0xC000_0000ul, monitor.OwnBase);
        Assert.Equal((0ul, 0xFFul), (guest.Read(0xFFFF_F000, 1), monitor.Read(0xFFFF_F000, 1)));
        Assert.Throws<ArgumentException>(() => new PhysicalMemory(monitor, below: 0x4000_0000 - 1));
    }

    [Fact]
    public void The_guests_address_mask_map_devices_and_written_pages_are_the_monitors()
    {
        using var guest = new PhysicalMemory(36);
        using var monitor = new PhysicalMemory(guest, below: 1UL << 36);
        var (changes, written) = (0, new List<ulong>());
        monitor.MapChanged += () => changes++;
        monitor.PageWritten += written.Add;
        guest.AddRam(0, 0x20_0000);
        Assert.Equal(1, changes);
        guest.AddressMask = ~(1UL << 20);
        Assert.Equal(2, changes);
        monitor.Write(0x10_0000, 1, 5);
        Assert.Equal(5ul, guest.Read(0, 1));
        guest.MapDevice(0x80_0000, 16, new DelegateDevice((_, _) => 9, null));
        Assert.True(monitor.IsDevice(0x80_0000, write: false));
        Assert.Equal(9ul, monitor.Read(0x80_0004, 1));
        guest.LogWrites(0x1000, 0x1000);
        monitor.Write(0x1000, 1, 1);
        Assert.Equal([0x1000ul], written);
        guest.Unclaimed = new DelegateDevice((_, _) => 3, null);
        Assert.Equal(3ul, monitor.Read(0x100_0000, 1));
    }

    [Fact]
    public void Code_is_watched_whichever_of_them_decodes_and_writes()
    {
        using var guest = new PhysicalMemory(36);
        guest.AddRam(0, 0x4000);
        var added = new List<ulong>();
        using (var monitor = new PhysicalMemory(guest, below: 1UL << 36))
        {
            monitor.AddRam(monitor.OwnBase, 0x1000);
            var watcher = new Watcher();
            monitor.AddCodeWatcher(watcher);
            guest.DirectWritesEnded += added.Add;
            monitor.MarkCode(0x1010, 4);
            guest.MarkCode(0x2010, 4);
            monitor.MarkCode(monitor.OwnBase, 4);
            Assert.Equal([0x1000ul, 0x2000, monitor.OwnBase], added);
            guest.Write(0x1011, 1, 1);
            monitor.Write(0x2011, 1, 1);
            monitor.Write(monitor.OwnBase, 1, 1);
            Assert.Equal([0x1000ul, 0x2000, monitor.OwnBase], watcher.Pages);
            Assert.True(guest.TryGetHostPage(0x1000, write: true, out _));
            monitor.RemoveCodeWatcher(watcher);
            monitor.MarkCode(0x3000, 4);
            monitor.MarkCode(monitor.OwnBase, 4);
        }

        Assert.False(guest.TryGetHostPage(0x3000, write: true, out _));
    }

    private sealed class Watcher : ICodeWatcher
    {
        public List<ulong> Pages { get; } = [];

        public void OnCodeModified(ulong page, int offset, int length, ulong* bits) => Pages.Add(page);
    }
}
