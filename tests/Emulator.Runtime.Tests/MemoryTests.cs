namespace Emulator.Runtime.Tests;

public sealed unsafe class MemoryTests
{
    [Fact]
    public void UnmappedReadsOnesAndDropsWrites()
    {
        using var memory = new PhysicalMemory(36);
        memory.Write(0x1234, 4, 0);
        Assert.Equal(0xFFFF_FFFFul, memory.Read(0x1234, 4));
        Assert.Equal(ulong.MaxValue, memory.Read(0xF_FFFF_FFFC, 8));
        Assert.Equal(0xFFul, memory.Read(ulong.MaxValue, 1));
    }

    [Fact]
    public void RamAndRom()
    {
        using var memory = new PhysicalMemory(32);
        memory.AddRam(0, 0x2000);
        memory.AddRom(0xFFFF0000, [1, 2, 3, 4, 5]);
        memory.Write(0xFFE, 8, 0x1122334455667788);
        Assert.Equal(0x1122334455667788ul, memory.Read(0xFFE, 8));
        Assert.Equal(0x3344ul, memory.Read(0x1002, 2));
        Assert.Equal(0x556677ul, memory.Read(0xFFF, 3));
        memory.Write(0xFFFF0000, 2, 0);
        Assert.Equal(0x0000000504030201ul, memory.Read(0xFFFF0000, 8));
        memory.CopyIn(0xFFFF0000, [9], intoRom: true);
        Assert.Equal(9ul, memory.Read(0xFFFF0000, 1));

        // The last bytes of RAM and the nothing behind.
        memory.Write(0x1FFE, 4, 0xAABBCCDD);
        Assert.Equal(0xFFFFCCDDul, memory.Read(0x1FFE, 4));
        var bytes = new byte[4];
        memory.CopyOut(0x1FFE, bytes);
        Assert.Equal([0xDD, 0xCC, 0xFF, 0xFF], bytes);
    }

    [Fact]
    public void ShadowingReadsOneMemoryAndWritesAnother()
    {
        using var memory = new PhysicalMemory(32);
        var ram = memory.AddRam(0, 0x100000);
        var rom = memory.Allocate(0x1000);
        rom.Pointer[0] = 0x55;
        var changes = 0;
        memory.MapChanged += () => changes++;
        memory.MapMemory(0xF0000, 0x1000, rom.Pointer, ram.Pointer + 0xF0000);
        Assert.Equal(1, changes);
        memory.Write(0xF0000, 1, 0xAA);
        Assert.Equal(0x55ul, memory.Read(0xF0000, 1));
        Assert.False(memory.TryGetHostPage(0xF0000, write: true, out _));
        memory.MapMemory(0xF0000, 0x1000, ram.Pointer + 0xF0000, null);
        Assert.Equal(0xAAul, memory.Read(0xF0000, 1));
        memory.Write(0xF0000, 1, 0);
        Assert.Equal(0xAAul, memory.Read(0xF0000, 1));
    }

    [Fact]
    public void AddressMaskWrapsAt1M()
    {
        using var memory = new PhysicalMemory(32);
        memory.AddRam(0, 0x200000);
        memory.AddressMask = ~(1ul << 20);
        memory.Write(0x100010, 2, 0x1234);
        Assert.Equal(0x1234ul, memory.Read(0x10, 2));
        memory.AddressMask = ulong.MaxValue;
        Assert.Equal(0ul, memory.Read(0x100010, 2));
    }

    [Fact]
    public void DevicesGetOffsetsAndWidthsTheyTake()
    {
        using var memory = new PhysicalMemory(32);
        var log = new List<string>();
        var device = new DelegateDevice((o, s) => { log.Add($"r{o:x}.{s}"); return o; }, (o, s, v) => log.Add($"w{o:x}.{s}={v:x}"), 4);
        memory.MapDevice(0xB8FF0, 0x20, device, 0x100);
        memory.MapDevice(0xB9004, 4, new DelegateDevice((_, _) => 0x77, null));
        Assert.Equal(0x0000010400000100ul, memory.Read(0xB8FF0, 8));
        memory.Write(0xB8FF8, 2, 0xFFFFFF);
        Assert.Equal(0xFFFF0110ul, memory.Read(0xB9000 - 0, 4) | 0xFFFF0000);
        Assert.Equal(["r100.4", "r104.4", "w108.2=ffff", "r110.4"], log);
        log.Clear();
        Assert.Equal(0x77777777ul, memory.Read(0xB9004, 4));
        Assert.Equal(0xFFul, memory.Read(0xB9010, 1));
        memory.UnmapDevice(device);
        Assert.Equal(0xFFul, memory.Read(0xB8FF0, 1));
        Assert.Equal(0x77ul, memory.Read(0xB9005, 1));
    }

    [Fact]
    public void PortsAreSplitAndUnclaimedOnesReadOnes()
    {
        var ports = new PortBus();
        var log = new List<string>();
        ports.Map(0x70, 2, (o, s) => { log.Add($"r{o}.{s}"); return 0x10 + o; }, (o, s, v) => log.Add($"w{o}.{s}={v:x}"));
        ports.Map(0xCF8, 8, (o, _) => 0x12345678, (o, s, v) => log.Add($"pci{o}.{s}={v:x}"), 4);
        Assert.Equal(0x1110ul, ports.Read(0x70, 2));
        Assert.Equal(0xFFFF1110ul, ports.Read(0x70, 4));
        Assert.Equal(0x10FFul, ports.Read(0x6F, 2));
        ports.Write(0x70, 2, 0xABCD);
        ports.Write(0xCF8, 4, 0x80000000);
        Assert.Equal(0x12345678ul, ports.Read(0xCF8, 4));
        Assert.Equal(0x5678ul, ports.Read(0xCFC, 2));
        Assert.Equal(0xFFFFFFFFul, ports.Read(0xFFFE, 4));
        Assert.Contains("w0.1=cd", log);
        Assert.Contains("w1.1=ab", log);
        Assert.Contains("pci0.4=80000000", log);
    }

    [Fact]
    public void MisuseByTheHostIsReported()
    {
        using var memory = new PhysicalMemory(32);
        Assert.Throws<ArgumentException>(() => memory.AddRam(0x10, 0x1000));
        Assert.Throws<ArgumentException>(() => memory.AddRam(0xFFFFF000, 0x2000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PhysicalMemory(64));
    }
}
