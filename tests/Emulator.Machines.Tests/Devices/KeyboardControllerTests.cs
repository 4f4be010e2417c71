namespace Emulator.Machines.Tests.Devices;

/// <summary>The 8042 with keyboard and mouse, as drivers use it.</summary>
public sealed class KeyboardControllerTests
{
    private const int Data = 0x60, Command = 0x64;
    private const byte Full = 0x01, FromMouse = 0x20;

    private readonly ManualClock _clock = new();
    private readonly List<bool> _a20Changes = [];
    private readonly A20Gate _a20;
    private readonly KeyboardController _controller;
    private int _resets;

    public KeyboardControllerTests()
    {
        _a20 = new A20Gate(_a20Changes.Add);
        _controller = new KeyboardController(_clock, _a20, () => _resets++);
    }

    [Fact]
    public void Self_test_answers_55_and_sets_the_system_flag()
    {
        Assert.Equal(0, _controller.In(Command) & 0x04);
        _controller.Out(Command, 0xAA);
        Assert.Equal([0x55], Answers());
        Assert.Equal(0x04, _controller.In(Command) & 0x04);
        _controller.Out(Command, 0xAB);
        Assert.Equal([0x00], Answers());
        _controller.Out(Command, 0xA9);
        Assert.Equal([0x00], Answers());
    }

    [Fact]
    public void Command_byte_can_be_read_and_written_and_enables_interrupts()
    {
        _controller.Out(Command, 0x60);
        _controller.Out(Data, 0x70);
        _controller.Out(Command, 0x20);
        Assert.False(_controller.KeyboardIrq.Level); // bit 0 is off
        Assert.Equal([0x70], Answers());
        _controller.Out(Command, 0x60);
        _controller.Out(Data, 0x61);
        _controller.Out(Command, 0x20);
        Assert.True(_controller.KeyboardIrq.Level);
        Assert.Equal(0x61, _controller.In(Data));
        Assert.False(_controller.KeyboardIrq.Level);
    }

    [Fact]
    public void Keyboard_reset_acknowledges_and_passes_its_test()
    {
        _controller.Out(Data, 0xFF);
        Assert.Equal([0xFA, 0xAA], Answers());
    }

    [Fact]
    public void Status_tells_command_from_data_and_whose_byte_it_is()
    {
        _controller.Out(Command, 0xAE);
        Assert.Equal(0x08, _controller.In(Command) & 0x08);
        _controller.Out(Data, 0xF4);
        Assert.Equal(0, _controller.In(Command) & 0x08);
        Assert.Equal([0xFA], Answers());
        _controller.Out(Command, 0xD4);
        _controller.Out(Data, 0xF2);
        _clock.Advance(KeyboardController.ByteTime);
        Assert.Equal(Full | FromMouse, _controller.In(Command) & (Full | FromMouse));
        Assert.True(_controller.MouseIrq.Level);
        Assert.Equal(0xFA, _controller.In(Data));
        Assert.False(_controller.MouseIrq.Level);
        Assert.Equal([0x00], Answers());
    }

    [Theory]
    [InlineData(true, new byte[] { 0x1E, 0x9E })]
    [InlineData(false, new byte[] { 0x1C, 0xF0, 0x1C })]
    public void Keys_are_translated_to_set_1_when_the_command_byte_says_so(bool translate, byte[] expected)
    {
        _controller.Out(Command, 0x60);
        _controller.Out(Data, (byte)(translate ? 0x41 : 0x01));
        _controller.Keyboard.Type("a");
        Assert.Equal(expected, Answers());
    }

    [Fact]
    public void Extended_keys_and_shifts()
    {
        _controller.Keyboard.Key(0xE048, down: true);
        _controller.Keyboard.Key(0xE048, down: false);
        Assert.Equal([0xE0, 0x48, 0xE0, 0xC8], Answers());
        _controller.Keyboard.Type("A");
        Assert.Equal([0x2A, 0x1E, 0x9E, 0xAA], Answers());
        Assert.Equal(1, _controller.Keyboard.Type("\u00e9"));
    }

    [Fact]
    public void A_disabled_keyboard_keeps_its_bytes()
    {
        _controller.Out(Command, 0xAD);
        _controller.Keyboard.Type("x");
        Assert.Equal([], Answers());
        _controller.Out(Command, 0xAE);
        Assert.Equal([0x2D, 0xAD], Answers());
    }

    [Fact]
    public void Keyboard_commands()
    {
        _controller.Out(Data, 0xEE);
        Assert.Equal([0xEE], Answers());
        _controller.Out(Command, 0x60);
        _controller.Out(Data, 0x01, 0xF2);
        Assert.Equal([0xFA, 0xAB, 0x83], Answers());
        _controller.Out(Data, 0xED);
        Assert.Equal([0xFA], Answers());
        _controller.Out(Data, 0x02);
        Assert.Equal([0xFA], Answers());
        Assert.Equal(2, _controller.Keyboard.Leds);
        _controller.Out(Data, 0xF0);
        Assert.Equal([0xFA], Answers());
        _controller.Out(Data, 0x00);
        Assert.Equal([0xFA, 0x02], Answers());
        _controller.Out(Data, 0x01);
        Assert.Equal([0xFE], Answers()); // no such command
    }

    [Fact]
    public void Mouse_reports_movement_when_told_to()
    {
        Mouse(0xF4);
        Assert.Equal([0xFA], Answers());
        _controller.Mouse.Move(5, -3, buttons: 1);
        Assert.Equal([0x29, 0x05, 0xFD], Answers());
        foreach (byte rate in (byte[])[200, 100, 80])
        {
            Mouse(0xF3);
            Mouse(rate);
        }

        Mouse(0xF2);
        Assert.Equal(3, Answers()[^1]); // the knock makes it a wheel mouse
    }

    [Fact]
    public void A20_follows_the_output_port_and_port_92_whichever_moves_last()
    {
        var ports = new SystemControlPorts(_clock, new Pit8254(_clock), _a20, () => _resets++);
        Assert.True(_a20.Enabled);
        _controller.Out(Command, 0xD1);
        _controller.Out(Data, 0xDD);
        Assert.False(_a20.Enabled);
        ports.Out(0x92, 0x02);
        Assert.True(_a20.Enabled);
        Assert.Equal(0x02, ports.In(0x92) & 2);
        ports.Out(0x92, 0x00);
        Assert.False(_a20.Enabled);
        _controller.Out(Command, 0xDF);
        Assert.True(_a20.Enabled);
        _controller.Out(Command, 0xD0);
        Assert.Equal(0x02, Answers()[0] & 0x02);
        Assert.Equal([false, true, false, true], _a20Changes);
        Assert.Equal(0, _resets);
    }

    [Fact]
    public void Resets_come_from_the_pulse_the_output_port_and_port_92()
    {
        _controller.Out(Command, 0xFE);
        Assert.Equal(1, _resets);
        _controller.Out(Command, 0xFF); // no bit is pulsed
        Assert.Equal(1, _resets);
        _controller.Out(Command, 0xD1);
        _controller.Out(Data, 0xDE);
        Assert.Equal(2, _resets);
        var ports = new SystemControlPorts(_clock, new Pit8254(_clock), _a20, () => _resets++);
        ports.Out(0x92, 0x03);
        Assert.Equal(3, _resets);
        ports.Out(0x92, 0x03); // only the rising edge
        Assert.Equal(3, _resets);
    }

    [Fact]
    public void A_snapshot_keeps_what_waits()
    {
        _controller.Keyboard.Type("ab");
        _clock.Advance(15_000_000);
        byte[] saved = SnapshotProbe.Save(_controller), timers = SnapshotProbe.Save(_clock);
        var clock = new ManualClock();
        var copy = new KeyboardController(clock, new A20Gate(_ => { }), () => { });
        clock.Advance(_clock.Now);
        Assert.Null(SnapshotProbe.Load(copy, saved));
        Assert.Null(SnapshotProbe.Load(clock, timers));
        Assert.Equal(Answers(), Answers(clock, copy));
    }

    private void Mouse(byte value)
    {
        _controller.Out(Command, 0xD4);
        _controller.Out(Data, value);
    }

    private List<byte> Answers() => Answers(_clock, _controller);

    /// <summary>Everything that comes within a while.</summary>
    private static List<byte> Answers(ManualClock clock, KeyboardController controller)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < 200; i++)
        {
            while ((controller.In(Command) & Full) != 0)
                bytes.Add(controller.In(Data));
            clock.Advance(KeyboardController.ByteTime);
        }

        return bytes;
    }
}
