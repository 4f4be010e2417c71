using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The devices of a PC and the wires between them.</summary>
internal sealed class PcDevices
{
    private const ulong VideoMemory = 0xA0000, VideoMemorySize = 0x20000;

    private readonly Dma8237 _dma1 = new(0x00, 0), _dma2 = new(0xC0, 1);
    private readonly DmaPages _dmaPages = new();
    private readonly PostPort _post = new();
    private readonly SystemControlPorts _systemControl;
    private readonly Piix3Isa _isaBridge;

    /// <summary>Creates and wires the devices.</summary>
    /// <param name="builder">What the machine is to have.</param>
    /// <param name="clock">Machine time.</param>
    /// <param name="memory">Physical memory with RAM and ROM in place.</param>
    /// <param name="ports">The I/O space.</param>
    /// <param name="lowMemory">What PAM directs.</param>
    /// <param name="outcomes">What devices can do to the machine.</param>
    public PcDevices(PcBuilder builder, MachineClock clock, PhysicalMemory memory, PortBus ports, LowMemoryMap lowMemory, PcOutcomes outcomes)
    {
        Clock = clock;
        A20 = new A20Gate(outcomes.A20Changed);
        Pic = new PicPair();
        Pit = new Pit8254(clock);
        Rtc = new Rtc146818(clock, builder.StartTime);
        Keyboard = new KeyboardController(clock, A20, outcomes.ResetProcessor);
        _systemControl = new SystemControlPorts(clock, Pit, A20, outcomes.ResetProcessor);
        Serial = new Uart16550(clock, 0x3F8, builder.Serial ?? Drop, connected: builder.Serial is not null);
        Vga = new VgaAdapter(clock);
        FirmwareConfiguration = new FwCfg(memory);
        _isaBridge = new Piix3Isa(Pic.SetIrq);
        Power = new Piix4Power(clock, ports, outcomes.PowerOff);
        Pci = new PciHost(whole =>
        {
            if (whole)
                outcomes.ResetMachine();
            else
                outcomes.ResetProcessor();
        });
        HostBridge = new I440Fx(lowMemory);
        Pci.Add(0, 0, HostBridge);
        Pci.Add(1, 0, _isaBridge);
        Pci.Add(1, 3, Power);

        Pic.Connect(Pit.Out0, 0);
        Pic.SetIrq(0, Pit.Out0.Level);
        Pic.Connect(Keyboard.KeyboardIrq, 1);
        Pic.Connect(Serial.Irq, 4);
        Pic.Connect(Rtc.Irq, 8);
        Pic.Connect(Power.Sci, 9);
        Pic.Connect(Keyboard.MouseIrq, 12);

        Action<byte> debug = builder.DebugConsole ?? Drop;
        IPortDevice[] all =
        [
            _dma1, _dma2, _dmaPages, _post, Pic, Pit, Rtc, Keyboard, _systemControl, Serial, Vga, FirmwareConfiguration, Pci, Power,
            new DebugConsole(0x402, debug), new DebugConsole(0xE9, debug), new DebugExit(PcBuilder.ExitPort, outcomes.GuestExit),
        ];
        foreach (IPortDevice device in all)
            PortWindow.Attach(ports, device);
        memory.MapDevice(VideoMemory, VideoMemorySize, Vga.Memory);
        Pci.Reset();
        FillConfiguration(builder);
    }

    public MachineClock Clock { get; }

    public A20Gate A20 { get; }

    public PicPair Pic { get; }

    public Pit8254 Pit { get; }

    public Rtc146818 Rtc { get; }

    public KeyboardController Keyboard { get; }

    public Uart16550 Serial { get; }

    public VgaAdapter Vga { get; }

    public FwCfg FirmwareConfiguration { get; }

    public PciHost Pci { get; }

    public I440Fx HostBridge { get; }

    public Piix4Power Power { get; }

    /// <summary>Bus reset. Time, memory and the contents of CMOS stay.</summary>
    public void Reset()
    {
        _dma1.Reset();
        _dma2.Reset();
        Rtc.Reset();
        Keyboard.Reset();
        _systemControl.Reset();
        Serial.Reset();
        Vga.Reset();
        FirmwareConfiguration.Reset();
        Pci.Reset();
        Pic.Reset();
    }

    /// <summary>Saves or loads every device. Those that drive interrupt lines come before the interrupt controllers, whose latches then stand as saved; timers come last.</summary>
    public void Transfer(SnapshotStream s)
    {
        ISnapshotPart[] parts =
        [
            _dma1, _dma2, _dmaPages, _post, A20, Pit, Rtc, Keyboard, _systemControl, Serial, Vga, FirmwareConfiguration, Pci, Pic, Clock,
        ];
        foreach (ISnapshotPart part in parts)
            s.Part(part);
    }

    /// <summary>What a firmware leaves for a kernel: the memory below 1 MB is RAM, and the interrupt controllers are set up with every line masked.</summary>
    public void PrepareForKernel()
    {
        for (int register = 0x59; register <= 0x5F; register++)
            HostBridge.WriteConfig(register, 1, 0x33);
        foreach ((int first, byte vector, byte cascade) in ((int, byte, byte)[])[(0x20, 0x08, 0x04), (0xA0, 0x70, 0x02)])
        {
            Pic.WritePort((ushort)first, 1, 0x11);
            foreach (byte word in (byte[])[vector, cascade, 0x01, 0xFF])
                Pic.WritePort((ushort)(first + 1), 1, word);
        }
    }

    private static void Drop(byte value)
    {
    }

    private void FillConfiguration(PcBuilder builder)
    {
        CmosImage.Fill(Rtc.Memory, builder.MemorySize, 0, builder.BootOrder);
        FirmwareConfiguration.Set(FwCfgKey.RamSize, builder.MemorySize, 8);
        FirmwareConfiguration.Set(FwCfgKey.NoGraphic, 0, 2);
        FirmwareConfiguration.Set(FwCfgKey.CpuCount, 1, 2);
        FirmwareConfiguration.Set(FwCfgKey.MaxCpus, 1, 2);
        FirmwareConfiguration.Set(FwCfgKey.BootMenu, 0, 2);
        FirmwareConfiguration.Set(FwCfgKey.Irq0Override, 1, 1);
    }
}
