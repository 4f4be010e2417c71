using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The devices of a virt machine and the wires between them.</summary>
internal sealed class VirtDevices
{
    private readonly VirtioMmio[] _slots = new VirtioMmio[VirtMap.VirtioSlots];

    /// <summary>Creates and wires the devices.</summary>
    /// <param name="builder">What the machine is to have.</param>
    /// <param name="clock">Machine time.</param>
    /// <param name="memory">Physical memory with RAM and ROM in place.</param>
    /// <param name="finished">The guest ends the machine with an exit code.</param>
    /// <param name="reset">The guest resets the machine.</param>
    public VirtDevices(VirtBuilder builder, MachineClock clock, PhysicalMemory memory, Action<int> finished, Action reset)
    {
        Clock = clock;
        Clint = new Clint(clock, builder.Harts);
        Plic = new Plic(builder.Harts);
        Serial = new Uart16550(clock, 0, builder.Serial ?? Drop);
        Rtc = new GoldfishRtc(clock, builder.StartTime);
        Console = new VirtioConsole(builder.Console ?? Drop);
        Disk = builder.Disk is { } disk ? new VirtioBlock(disk.Span) : null;

        memory.MapDevice(VirtMap.Test, SifiveTest.Size, new SifiveTest(finished, reset));
        memory.MapDevice(VirtMap.Rtc, GoldfishRtc.Size, Rtc);
        memory.MapDevice(VirtMap.Clint, Clint.Size, Clint);
        memory.MapDevice(VirtMap.Plic, Plic.Size, Plic);
        memory.MapDevice(VirtMap.Uart, VirtMap.UartSize, new PortWindow(Serial, 1));
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            VirtioDevice? device = slot switch { 0 => Disk, 1 => Console, _ => null };
            _slots[slot] = new VirtioMmio(slot, device, memory);
            memory.MapDevice(VirtMap.Virtio + ((ulong)slot * VirtioMmio.Size), VirtioMmio.Size, _slots[slot]);
            Plic.Connect(_slots[slot].Irq, VirtMap.VirtioIrq + slot);
        }

        Plic.Connect(Serial.Irq, VirtMap.UartIrq);
        Plic.Connect(Rtc.Irq, VirtMap.RtcIrq);
    }

    public MachineClock Clock { get; }

    public Clint Clint { get; }

    public Plic Plic { get; }

    public Uart16550 Serial { get; }

    public GoldfishRtc Rtc { get; }

    public VirtioConsole Console { get; }

    public VirtioBlock? Disk { get; }

    /// <summary>Connects the interrupt lines of the harts.</summary>
    public void Connect(IReadOnlyList<VirtHart> harts)
    {
        for (int i = 0; i < harts.Count; i++)
        {
            Wire(harts[i], VirtLine.MachineSoftware, Clint.Software[i]);
            Wire(harts[i], VirtLine.MachineTimer, Clint.Timer[i]);
            Wire(harts[i], VirtLine.MachineExternal, Plic.Outputs[2 * i]);
            Wire(harts[i], VirtLine.SupervisorExternal, Plic.Outputs[(2 * i) + 1]);
        }
    }

    /// <summary>Reset of all devices. Time and the disk's content stay.</summary>
    public void Reset()
    {
        Serial.Reset();
        Rtc.Reset();
        foreach (VirtioMmio slot in _slots)
            slot.Reset();
        Plic.Reset();
        Clint.Reset();
    }

    /// <summary>Saves or loads every device. Those that drive interrupt lines come before the interrupt controller; timers come last.</summary>
    public void Transfer(SnapshotStream s)
    {
        foreach (ISnapshotPart part in (ISnapshotPart[])[Serial, Rtc, .. _slots, Plic, Clint, Clock])
            s.Part(part);
    }

    private static void Wire(VirtHart hart, VirtLine line, Signal signal) => signal.Connect(level => hart.SetLine(line, level));

    private static void Drop(byte value)
    {
    }
}
