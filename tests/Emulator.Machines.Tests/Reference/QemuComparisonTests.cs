namespace Emulator.Machines.Tests.Reference;

/// <summary>What a guest sees of the devices is what it sees on QEMU, wherever that does not depend on time.</summary>
public sealed class QemuComparisonTests
{
    [OptionalFact(Qemu.Program)]
    public void Interrupt_controllers_look_alike() => Compare(p => Initialize(p)
        .Out(0x21, 0xFF).Out(0xA1, 0xFF).In("imr1", 0x21).In("imr2", 0xA1)
        .Out(0x20, 0x0B).In("isr1", 0x20).Out(0xA0, 0x0B).In("isr2", 0xA0)
        .Out(0x4D0, 0xFF).In("elcr1", 0x4D0).Out(0x4D1, 0xFF).In("elcr2", 0x4D1).Out(0x4D0, 0x00).Out(0x4D1, 0x00)

        // The timer's one shot arrives in the request register, and polling takes it.
        .Out(0x43, 0x30).Out(0x40, 0x10, 0x00).Out(0x20, 0x0A).Await(0x20, 1, 1).In("irr1", 0x20, 0x01)
        .Out(0x21, 0xFE).Out(0x20, 0x0C).In("poll", 0x20).Out(0x20, 0x0B).In("isr1", 0x20).Out(0x20, 0x60).In("isr1", 0x20));

    [OptionalFact(Qemu.Program)]
    // Bits 6 and 7 of the status are left out: QEMU gives neither the null count nor the low output that the data sheet says follow a control word.
    public void Timer_looks_alike() => Compare(p => p
        .Out(0x61, 0x00).Out(0x43, 0xB0).Out(0x43, 0xE8).In("status0", 0x42, 0x3F).Out(0x42, 0x34, 0x12)
        .Out(0x43, 0x80).In("low", 0x42).In("high", 0x42)
        .Out(0x61, 0x01).In("gate", 0x61, 0x0F).Out(0x43, 0xB0).Out(0x42, 0x10, 0x00).Await(0x61, 0x20, 0x20).In("out", 0x61, 0x2F)
        .Out(0x43, 0x96).Out(0x43, 0xE8).In("status3", 0x42, 0x3F)
        .Out(0x43, 0xB4).Out(0x42, 0x00, 0x80).Out(0x43, 0xE8).In("status2", 0x42, 0x3F));

    [OptionalFact(Qemu.Program)]
    public void Clock_looks_alike() => Compare(p =>
    {
        Cmos(p, 0x0B, 0x82);
        foreach ((byte register, byte value) in ((byte, byte)[])[(0, 0x59), (2, 0x59), (4, 0x23), (6, 7), (7, 0x28), (8, 0x02), (9, 0x23), (0x32, 0x20)])
            Cmos(p, register, value);
        p.Out(0x70, 0x0B).In("b", 0x71).Out(0x70, 0x0D).In("d", 0x71);
        Cmos(p, 0x0B, 0x02);
        p.Out(0x70, 0x00).Await(0x71, 0xFF, 0x00);
        foreach (byte register in (byte[])[2, 4, 7, 8, 9])
            p.Out(0x70, register).In($"r{register:x}", 0x71);
        Cmos(p, 0x60, 0xA5);
        p.Out(0x70, 0x60).In("ram", 0x71).Out(0x70, 0x0F).In("shutdown", 0x71).In("index", 0x70);
        foreach (byte register in (byte[])[0x15, 0x16, 0x17, 0x18, 0x30, 0x31, 0x34, 0x35, 0x5B, 0x5F])
            p.Out(0x70, register).In($"cmos{register:x}", 0x71);
    });

    [OptionalFact(Qemu.Program)]
    public void Keyboard_controller_looks_alike() => Compare(p => p
        .Out(0x64, 0xAD).Out(0x64, 0xA7).Discard(0x60).Discard(0x60)
        .Out(0x64, 0xAA).AwaitKeyboard().In("self test", 0x60).Out(0x64, 0xAB).AwaitKeyboard().In("keyboard line", 0x60)
        .Out(0x64, 0xA9).AwaitKeyboard().In("mouse line", 0x60)
        .Out(0x64, 0x60).Out(0x60, 0x70).Out(0x64, 0x20).AwaitKeyboard().In("status", 0x64, 0x21).In("command byte", 0x60)
        .Out(0x64, 0x60).Out(0x60, 0x40).Out(0x60, 0xFF).AwaitKeyboard().In("ack", 0x60).AwaitKeyboard().In("reset", 0x60)
        .Out(0x60, 0xF2).AwaitKeyboard().In("ack", 0x60).AwaitKeyboard().In("id", 0x60).AwaitKeyboard().In("id", 0x60)
        .Out(0x60, 0xEE).AwaitKeyboard().In("echo", 0x60)
        .Out(0x64, 0xD4).Out(0x60, 0xF2).AwaitKeyboard().In("status", 0x64, 0x21).In("ack", 0x60).AwaitKeyboard().In("mouse", 0x60)
        .Out(0x64, 0xD2).Out(0x60, 0x5A).AwaitKeyboard().In("echoed", 0x60));

    [OptionalFact(Qemu.Program)]
    public void Serial_port_looks_alike() => Compare(p => p
        .Out(0x3FB, 0x83).Out(0x3F8, 0x0C).Out(0x3F9, 0x00).In("dll", 0x3F8).In("dlm", 0x3F9).Out(0x3FB, 0x03).In("lcr", 0x3FB)
        .Out(0x3FC, 0x00).Out(0x3FA, 0x00).Out(0x3F9, 0x00).In("iir", 0x3FA).In("lsr", 0x3FD).Out(0x3FF, 0x5A).In("scratch", 0x3FF)
        .Out(0x3FA, 0xC7).In("iir fifo", 0x3FA).Out(0x3FC, 0x1B).In("msr", 0x3FE, 0xF0).Out(0x3F8, 0xA5).Await(0x3FD, 1, 1).In("data", 0x3F8)
        .Out(0x3F9, 0x02).In("iir thre", 0x3FA, 0x0F).In("iir none", 0x3FA, 0x0F).Out(0x3FC, 0x1F).In("msr", 0x3FE, 0xF0));

    [OptionalFact(Qemu.Program)]
    public void Pci_and_shadowing_look_alike() => Compare(p => p
        .Pci("host", 0, 0, 0).Pci("isa", 1, 0, 0).Pci("power", 1, 3, 0).Pci("none", 0x1F, 0, 0).Pci("host class", 0, 0, 8).Pci("isa class", 1, 0, 8)
        .Pci("power class", 1, 3, 8).Pci("isa header", 1, 0, 0x0C).Pci("subsystem", 0, 0, 0x2C)
        .Out32(0xCF8, 0x8000_0058).Out(0xCFD, 0x30).Poke(0xF8000, 0x11).Memory("shadow", 0xF8000)
        .Out(0xCFD, 0x10).Poke(0xF8000, 0x22).Memory("protected", 0xF8000).In("pam", 0xCFD)
        .Out32(0xCF8, 0x8000_0058).Out(0xCFE, 0x33).Poke(0xC0000, 0x77).Memory("c0000", 0xC0000).Out(0xCFE, 0x11).Poke(0xC0000, 0x78).Memory("c0000", 0xC0000));

    [OptionalFact(Qemu.Program)]
    public void Firmware_configuration_and_debug_ports_look_alike() => Compare(p =>
    {
        p.In("e9", 0xE9).In32("dma", 0x514).In32("dma", 0x518);
        p.Out(0x92, 0x02).In("port 92", 0x92);
        p.Poke(0x400000, 0x11).Poke(0x500000, 0x22).Out(0x92, 0x00).Memory("wrapped", 0x500000).Out(0x92, 0x02).Memory("opened", 0x500000);
    });

    private static PortProbe Initialize(PortProbe p) => p
        .Out(0x20, 0x11).Out(0x21, 0x20, 0x04, 0x01).Out(0xA0, 0x11).Out(0xA1, 0x28, 0x02, 0x01);

    private static void Cmos(PortProbe p, byte register, byte value) => p.Out(0x70, register).Out(0x71, value);

    private static void Compare(Action<PortProbe> script)
    {
        var probe = new PortProbe();
        script(probe);
        byte[] kernel = probe.Build();
        string expected = Qemu.Run(kernel);
        Assert.NotEmpty(expected);
        var output = new System.Text.StringBuilder();
        var builder = new PcBuilder { Kernel = new ImageFile("probe", kernel), DebugConsole = b => output.Append((char)b), Serial = _ => { } };
        using PcMachine machine = builder.Build().Value!;
        PcRun run = machine.Run(1_000_000_000);
        Assert.Equal(expected, output.ToString());
        Assert.Equal((PcEnd.GuestExit, 1), (run.End, run.ExitCode));
    }
}
