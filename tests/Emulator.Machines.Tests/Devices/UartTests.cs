namespace Emulator.Machines.Tests.Devices;

/// <summary>The 16550A against its data sheet.</summary>
public sealed class UartTests
{
    private const int Data = 0x3F8, Ier = 0x3F9, Iir = 0x3FA, Fcr = 0x3FA, Lcr = 0x3FB, Mcr = 0x3FC, Lsr = 0x3FD, Msr = 0x3FE, Scratch = 0x3FF;

    private readonly ManualClock _clock = new();
    private readonly List<byte> _sent = [];
    private readonly Uart16550 _uart;

    public UartTests()
    {
        _uart = new Uart16550(_clock, 0x3F8, _sent.Add);
        _uart.Out(Lcr, 0x83);
        _uart.Out(Data, 1);
        _uart.Out(Ier, 0);
        _uart.Out(Lcr, 0x03);
        _uart.Out(Mcr, 0x0B);
    }

    [Fact]
    public void Divisor_registers_hide_behind_dlab()
    {
        Assert.Equal(115200, _uart.BaudRate);
        _uart.Out(Lcr, 0x83);
        _uart.Out(Data, 0x0C);
        Assert.Equal(0x0C, _uart.In(Data));
        Assert.Equal(0x00, _uart.In(Ier));
        Assert.Equal(9600, _uart.BaudRate);
        Assert.Empty(_sent);
    }

    [Fact]
    public void Sends_at_once_and_is_empty_again()
    {
        _uart.Out(Data, (byte)'h', (byte)'i');
        Assert.Equal("hi"u8.ToArray(), _sent);
        Assert.Equal(0x60, _uart.In(Lsr));
        _uart.Out(Scratch, 0xA5);
        Assert.Equal(0xA5, _uart.In(Scratch));
    }

    [Fact]
    public void Transmitter_interrupt_is_cleared_by_reading_its_identification()
    {
        _uart.Out(Ier, 0x02);
        Assert.True(_uart.Irq.Level);
        Assert.Equal(0x02, _uart.In(Iir));
        Assert.False(_uart.Irq.Level);
        Assert.Equal(0x01, _uart.In(Iir));
        _uart.Out(Data, 0x55);
        Assert.Equal(0x02, _uart.In(Iir));
    }

    [Fact]
    public void Received_data_interrupts_without_fifo_byte_by_byte()
    {
        _uart.Out(Ier, 0x01);
        _uart.Receive([1, 2]);
        Assert.Equal(0, _uart.In(Lsr) & 1);
        _clock.Advance(1_000_000);
        Assert.True(_uart.Irq.Level);
        Assert.Equal(0x04, _uart.In(Iir));
        Assert.Equal(1, _uart.In(Data));
        Assert.False(_uart.Irq.Level);
        _clock.Advance(1_000_000);
        Assert.Equal(2, _uart.In(Data));
    }

    [Fact]
    public void Fifo_interrupts_at_its_trigger_or_after_four_characters_of_silence()
    {
        _uart.Out(Fcr, 0x47); // trigger at 4
        _uart.Out(Ier, 0x01);
        _uart.Receive([1, 2, 3, 4, 5]);
        _clock.Advance(3 * 90_000);
        Assert.Equal(0xC1, _uart.In(Iir));
        _clock.Advance(2 * 90_000);
        Assert.Equal(0xC4, _uart.In(Iir));
        Assert.Equal([1, 2], [_uart.In(Data), _uart.In(Data)]);
        Assert.False(_uart.Irq.Level);
        _clock.Advance(5 * 90_000);
        Assert.Equal(0xCC, _uart.In(Iir)); // character timeout
        Assert.Equal(3, _uart.In(Data));
        Assert.Equal(0xC1, _uart.In(Iir));
    }

    [Fact]
    public void Fifo_control_clears_and_needs_its_enable_bit()
    {
        _uart.Out(Fcr, 0x01);
        _uart.Receive([1]);
        _clock.Advance(1_000_000);
        Assert.Equal(0x61, _uart.In(Lsr));
        _uart.Out(Fcr, 0x03);
        Assert.Equal(0x60, _uart.In(Lsr));
        _uart.Out(Fcr, 0x00);
        Assert.Equal(0x01, _uart.In(Iir)); // bits 6 and 7 show that the FIFOs are off
    }

    [Fact]
    public void Loopback_connects_output_to_input_and_modem_lines()
    {
        _uart.Out(Mcr, 0x10);
        Assert.Equal(0, _uart.In(Msr) & 0xF0);
        _uart.In(Msr);
        _uart.Out(Mcr, 0x1A); // RTS, OUT2
        Assert.Equal(0x90, _uart.In(Msr) & 0xF0); // CTS, DCD
        _uart.Out(Data, 0x5A);
        Assert.Empty(_sent);
        Assert.Equal(0x61, _uart.In(Lsr));
        Assert.Equal(0x5A, _uart.In(Data));
    }

    [Fact]
    public void Modem_changes_interrupt_last_and_are_cleared_by_a_read()
    {
        _uart.Out(Mcr, 0x18);
        _uart.In(Msr);
        _uart.Out(Ier, 0x08);
        Assert.False(_uart.Irq.Level);
        _uart.Out(Mcr, 0x1A);
        Assert.True(_uart.Irq.Level);
        Assert.Equal(0x00, _uart.In(Iir));
        Assert.Equal(0x01, _uart.In(Msr) & 0x0F);
        Assert.False(_uart.Irq.Level);
    }

    [Fact]
    public void Overrun_in_loopback_is_the_first_priority()
    {
        _uart.Out(Mcr, 0x18);
        _uart.Out(Ier, 0x05);
        _uart.Out(Data, 1, 2);
        Assert.Equal(0x06, _uart.In(Iir));
        Assert.Equal(0x63, _uart.In(Lsr));
        Assert.Equal(0x04, _uart.In(Iir));
        Assert.Equal(2, _uart.In(Data));
    }

    [Fact]
    public void Out2_gates_the_interrupt_line()
    {
        _uart.Out(Mcr, 0x03);
        _uart.Out(Ier, 0x02);
        Assert.False(_uart.Irq.Level);
        _uart.Out(Mcr, 0x0B);
        Assert.True(_uart.Irq.Level);
    }

    [Fact]
    public void A_line_with_nobody_at_its_end_has_no_carrier()
    {
        var uart = new Uart16550(_clock, 0x2F8, _ => { }, connected: false);
        Assert.Equal(0, uart.In(0x2FE));
        Assert.Equal(0xB0, _uart.In(Msr) & 0xF0);
    }
}
