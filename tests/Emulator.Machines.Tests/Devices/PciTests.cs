using Emulator.Runtime;

namespace Emulator.Machines.Tests.Devices;

/// <summary>PCI configuration, PAM shadowing, interrupt routing and power management as firmware uses them.</summary>
public sealed unsafe class PciTests : IDisposable
{
    private const int Host = 0, Isa = 1 << 3, Power = (1 << 3) | 3;
    private const uint BiosStart = 0xE0000;

    private readonly ManualClock _clock = new();
    private readonly PhysicalMemory _memory = new(32);
    private readonly PortBus _ports = new();
    private readonly Dictionary<int, bool> _irqs = [];
    private readonly PciHost _pci;
    private readonly Piix3Isa _isa;
    private readonly Piix4Power _power;
    private int _resets, _powerOffs;

    public PciTests()
    {
        NativeBlock ram = _memory.AddRam(0, 0xA0000);
        NativeBlock shadow = _memory.Allocate(0x100000);
        NativeBlock rom = _memory.Allocate(0x20000);
        rom.AsSpan(0, 0x20000).Fill(0xEA);
        _pci = new PciHost(_ => _resets++);
        _isa = new Piix3Isa((irq, level) => _irqs[irq] = level);
        _power = new Piix4Power(_clock, _ports, () => _powerOffs++);
        _pci.Add(0, 0, new I440Fx(new LowMemoryMap(_memory, shadow, rom.Pointer, 0x20000)));
        _pci.Add(1, 0, _isa);
        _pci.Add(1, 3, _power);
        PortWindow.Attach(_ports, _pci);
        PortWindow.Attach(_ports, _power);
        _pci.Reset();
        Assert.NotEqual(0u, (uint)ram.Length);
    }

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Functions_answer_where_they_are_and_nobody_elsewhere()
    {
        Assert.Equal(0x1237_8086u, Config(Host, 0));
        Assert.Equal(0x7000_8086u, Config(Isa, 0));
        Assert.Equal(0x7113_8086u, Config(Power, 0));
        Assert.Equal(uint.MaxValue, Config(2 << 3, 0));
        Address(0x0001_0000); // bus 1
        Assert.Equal(uint.MaxValue, (uint)_ports.Read(0xCFC, 4));
        _ports.Write(0xCF8, 4, 0); // not enabled
        Assert.Equal(uint.MaxValue, (uint)_ports.Read(0xCFC, 4));
    }

    [Fact]
    public void Bytes_and_words_of_a_register()
    {
        Address(Isa << 8);
        Assert.Equal(0x8086u, _ports.Read(0xCFC, 2));
        Assert.Equal(0x7000u, _ports.Read(0xCFE, 2));
        Assert.Equal(0x70u, _ports.Read(0xCFF, 1));
        Assert.Equal(0x8000_0000u | (Isa << 8), _ports.Read(0xCF8, 4));
        _ports.Write(0xCF8, 1, 0x55); // only 32-bit accesses reach the address register
        Assert.Equal(0x8000_0000u | (Isa << 8), _ports.Read(0xCF8, 4));
    }

    [Fact]
    public void Only_writable_bits_change()
    {
        SetConfig(Host, 0, uint.MaxValue, 4);
        Assert.Equal(0x1237_8086u, Config(Host, 0));
        SetConfig(Power, 0x40, uint.MaxValue, 4);
        Assert.Equal(0xFFC1u, Config(Power, 0x40));
    }

    [Fact]
    public void Pam_directs_reads_and_writes_apart()
    {
        Assert.Equal(0xEAu, _memory.Read(0xF0000, 1));
        _memory.Write(0xF0000, 1, 0x11); // ROM: dropped
        Assert.Equal(0xEAu, _memory.Read(0xF0000, 1));

        SetConfig(Host, 0x59, 0x20, 1); // reads from ROM, writes to RAM: how a BIOS copies itself
        _memory.Write(0xF0000, 1, 0x11);
        Assert.Equal(0xEAu, _memory.Read(0xF0000, 1));

        SetConfig(Host, 0x59, 0x10, 1); // reads from RAM, writes nowhere: shadowed and protected
        Assert.Equal(0x11u, _memory.Read(0xF0000, 1));
        _memory.Write(0xF0000, 1, 0x22);
        Assert.Equal(0x11u, _memory.Read(0xF0000, 1));

        SetConfig(Host, 0x59, 0x30, 1);
        _memory.Write(0xF0000, 1, 0x33);
        Assert.Equal(0x33u, _memory.Read(0xF0000, 1));
        _pci.Reset();
        Assert.Equal(0xEAu, _memory.Read(0xF0000, 1));
    }

    [Theory]
    [InlineData(0x5A, 0x03, 0xC0000)]
    [InlineData(0x5A, 0x30, 0xC4000)]
    [InlineData(0x5B, 0x03, 0xC8000)]
    [InlineData(0x5D, 0x30, 0xDC000)]
    [InlineData(0x5E, 0x03, 0xE0000)]
    [InlineData(0x5F, 0x30, 0xEC000)]
    public void Each_half_of_a_pam_register_directs_16_KB(int register, byte value, uint start)
    {
        SetConfig(Host, register, value, 1);
        for (uint address = 0xC0000; address < 0x100000; address += 0x4000)
        {
            _memory.Write(address, 1, 0x77);
            uint unshadowed = address >= BiosStart ? 0xEAu : 0xFFu;
            Assert.Equal(address == start ? 0x77u : unshadowed, _memory.Read(address, 1));
        }
    }

    [Fact]
    public void Smram_shows_the_ram_below_the_video_memory_until_locked()
    {
        Assert.Equal(0xFFu, _memory.Read(0xA0000, 1));
        SetConfig(Host, 0x72, 0x4A, 1);
        _memory.Write(0xA0000, 1, 0x42);
        Assert.Equal(0x42u, _memory.Read(0xA0000, 1));
        SetConfig(Host, 0x72, 0x1A, 1); // closed and locked
        SetConfig(Host, 0x72, 0x4A, 1);
        Assert.Equal(0xFFu, _memory.Read(0xA0000, 1));
        Assert.Equal(0x1Au, Config(Host, 0x70) >> 16 & 0xFF);
    }

    [Fact]
    public void Pirq_registers_route_and_share_lines()
    {
        _isa.SetPirq(0, true);
        Assert.Empty(_irqs); // not routed after reset
        SetConfig(Isa, 0x60, 0x0B0B, 2);
        Assert.True(_irqs[11]);
        _isa.SetPirq(1, true);
        _isa.SetPirq(0, false);
        Assert.True(_irqs[11]); // still driven by the other
        SetConfig(Isa, 0x61, 0x0A, 1);
        Assert.False(_irqs[11]);
        Assert.True(_irqs[10]);
        _isa.SetPirq(1, false);
        Assert.False(_irqs[10]);
    }

    [Fact]
    public void Reset_control_resets_on_the_rising_bit()
    {
        _ports.Write(0xCF9, 1, 0x02);
        Assert.Equal(0, _resets);
        _ports.Write(0xCF9, 1, 0x06);
        Assert.Equal(1, _resets);
    }

    [Fact]
    public void Power_management_timer_runs_at_3_579545_MHz()
    {
        Assert.Equal(0xFFFFFFFFu, _ports.Read(0x608, 4));
        SetConfig(Power, 0x40, 0x601, 4);
        SetConfig(Power, 0x80, 1, 1);
        ulong start = _ports.Read(0x608, 4);
        _clock.Advance(1_000_000_000);
        Assert.InRange((_ports.Read(0x608, 4) - start) & 0xFFFFFF, 3_579_544u, 3_579_546u);
        _clock.Advance(4_000_000_000);
        Assert.InRange(_ports.Read(0x608, 4), 0u, 0xFFFFFFu); // 24 bits
        SetConfig(Power, 0x80, 0, 1);
        Assert.Equal(0xFFFFFFFFu, _ports.Read(0x608, 4));
    }

    [Fact]
    public void Timer_overflow_raises_the_sci_when_enabled_and_written_ones_clear_it()
    {
        EnablePowerManagement();
        _ports.Write(0x604, 2, 1); // SCI_EN
        _ports.Write(0x602, 2, 1); // TMR_EN
        _clock.Advance(2_400_000_000); // bit 23 changes every 2.34 s
        Assert.True(_power.Sci.Level);
        Assert.Equal(1u, _ports.Read(0x600, 2) & 1);
        _ports.Write(0x600, 2, 1);
        Assert.False(_power.Sci.Level);
    }

    [Fact]
    public void Power_button_and_soft_off()
    {
        EnablePowerManagement();
        _ports.Write(0xB2, 1, 0xF1);
        Assert.Equal(1u, _ports.Read(0x604, 2) & 1);
        _ports.Write(0x602, 2, 0x100);
        _power.PressPowerButton();
        Assert.True(_power.Sci.Level);
        _ports.Write(0x604, 2, 0x2001);
        Assert.Equal(1, _powerOffs);
    }

    private void EnablePowerManagement()
    {
        SetConfig(Power, 0x40, 0x601, 4);
        SetConfig(Power, 0x80, 1, 1);
    }

    private void Address(uint address) => _ports.Write(0xCF8, 4, 0x8000_0000 | address);

    private uint Config(int function, int register)
    {
        Address((uint)((function << 8) | (register & ~3)));
        return (uint)_ports.Read(0xCFC, 4);
    }

    private void SetConfig(int function, int register, uint value, int size)
    {
        Address((uint)((function << 8) | (register & ~3)));
        _ports.Write((ulong)(0xCFC + (register & 3)), size, value);
    }
}
