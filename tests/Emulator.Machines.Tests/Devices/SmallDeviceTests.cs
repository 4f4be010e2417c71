namespace Emulator.Machines.Tests.Devices;

/// <summary>Devices of a register or two: debug consoles, exit, diagnostic port, DMA controllers and pages.</summary>
public sealed class SmallDeviceTests
{
    [Theory]
    [InlineData(0x402)]
    [InlineData(0xE9)]
    public void Debug_console_is_found_by_E9(int port)
    {
        var bytes = new List<byte>();
        var console = new DebugConsole((ushort)port, bytes.Add);
        Assert.Equal(0xE9, console.In(port));
        console.Out(port, (byte)'o', (byte)'k');
        Assert.Equal("ok"u8.ToArray(), bytes);
    }

    [Theory]
    [InlineData(0u, 1)]
    [InlineData(1u, 3)]
    [InlineData(0x31u, 0x63)]
    public void Exit_code_is_odd(uint value, int expected)
    {
        int code = -1;
        new DebugExit(0x501, c => code = c).WritePort(0x501, 4, value);
        Assert.Equal(expected, code);
    }

    [Fact]
    public void Diagnostic_port_and_dma_pages_remember()
    {
        var post = new PostPort();
        post.Out(0x80, 0x3C);
        Assert.Equal(0x3C, post.Code);
        Assert.Equal(0x3C, post.In(0x80));
        var pages = new DmaPages();
        for (int port = 0x81; port <= 0x8F; port++)
            pages.Out(port, (byte)port);
        for (int port = 0x81; port <= 0x8F; port++)
            Assert.Equal(port, pages.In(port));
    }

    [Theory]
    [InlineData(0x00, 0)]
    [InlineData(0xC0, 1)]
    public void Dma_address_and_count_go_through_the_flip_flop(int first, int shift)
    {
        var dma = new Dma8237((ushort)first, shift);
        int Port(int register) => first + (register << shift);
        dma.Out(Port(12), 0); // clear the flip-flop
        dma.Out(Port(4), 0x34, 0x12);
        dma.Out(Port(5), 0xFF, 0x01);
        Assert.Equal([0x34, 0x12], [dma.In(Port(4)), dma.In(Port(4))]);
        Assert.Equal([0xFF, 0x01], [dma.In(Port(5)), dma.In(Port(5))]);
        dma.Out(Port(4), 0x77);
        dma.Out(Port(12), 0);
        Assert.Equal(0x77, dma.In(Port(4))); // the low byte again
        dma.Out(Port(11), 0x46);
        Assert.Equal(0x44, dma.Mode(2));
        dma.Out(Port(14), 0);
        Assert.Equal(0, dma.Mask);
        dma.Out(Port(10), 6);
        Assert.Equal(4, dma.Mask);
        dma.Out(Port(13), 0);
        Assert.Equal(15, dma.Mask);
    }
}
