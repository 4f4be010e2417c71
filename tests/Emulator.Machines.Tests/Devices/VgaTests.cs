namespace Emulator.Machines.Tests.Devices;

/// <summary>The VGA as text programs and BIOSes use it.</summary>
public sealed class VgaTests
{
    private const ulong Text = 0x18000, Graphics = 0;

    private readonly ManualClock _clock = new();
    private readonly VgaAdapter _vga;

    public VgaTests() => _vga = new VgaAdapter(_clock);

    [Fact]
    public void Text_memory_shows_on_the_screen_and_reads_back()
    {
        int generation = _vga.Generation;
        Write(Text, 2, 0x1F48);
        Write(Text + 160, 4, 0x07210769);
        Assert.NotEqual(generation, _vga.Generation);
        Assert.Equal(0x1F48u, _vga.Memory.Read(Text, 2));
        Assert.Equal("H\ni!\n", _vga.Text!.ToText());
        Assert.Equal(0x1F, _vga.Text.Attribute(0, 0));
        Assert.Equal((80, 25), (_vga.Text.Columns, _vga.Text.Rows));
    }

    [Fact]
    public void Start_address_scrolls_and_the_cursor_moves_with_it()
    {
        Write(Text + 160, 2, 0x0741);
        Crtc(0x0D, 80);
        Crtc(0x0F, 81);
        Assert.Equal("A\n", _vga.Text!.ToText());
        Assert.Equal((1, 0), (_vga.Text.CursorColumn, _vga.Text.CursorRow));
        Crtc(0x0A, 0x20);
        Assert.Equal(-1, _vga.Text.CursorRow);
    }

    [Fact]
    public void Only_the_window_of_graphics_register_6_is_decoded()
    {
        Assert.Equal(0xFFu, _vga.Memory.Read(Graphics, 1));
        Write(Graphics, 1, 0x12);
        Assert.Equal(0xFFu, _vga.Memory.Read(Graphics, 1));
    }

    [Fact]
    public void Crtc_registers_0_to_7_can_be_protected()
    {
        Crtc(0x11, 0x0E);
        Crtc(0x00, 0x11);
        Assert.Equal(0x11, _vga.In(0x3D5));
        Crtc(0x11, 0x8E);
        Crtc(0x00, 0x22);
        Assert.Equal(0x11, _vga.In(0x3D5));
    }

    [Fact]
    public void Attribute_controller_alternates_index_and_data()
    {
        _vga.In(0x3DA);
        _vga.Out(0x3C0, 0x01, 0x2A);
        _vga.In(0x3DA);
        _vga.Out(0x3C0, 0x01);
        Assert.Equal(0x2A, _vga.In(0x3C1));
    }

    [Fact]
    public void Palette_counts_through_its_components()
    {
        _vga.Out(0x3C8, 0x10);
        _vga.Out(0x3C9, 1, 2, 0xFF);
        Assert.Equal(0x11, _vga.In(0x3C8));
        _vga.Out(0x3C7, 0x10);
        Assert.Equal([1, 2, 0x3F], [_vga.In(0x3C9), _vga.In(0x3C9), _vga.In(0x3C9)]);
    }

    [Fact]
    public void Monochrome_moves_the_crtc()
    {
        _vga.Out(0x3C2, 0x66);
        Assert.Equal(0xFF, _vga.In(0x3D4));
        _vga.Out(0x3B4, 0x0F);
        Assert.Equal(0x0F, _vga.In(0x3B4));
    }

    [Fact]
    public void Planar_writes_follow_mask_mode_and_latch()
    {
        Planar();
        _vga.Out(0x3C4, 0x02);
        _vga.Out(0x3C5, 0x05); // planes 0 and 2
        Write(Graphics, 1, 0xF0);
        Assert.Equal([0xF0u, 0x00u, 0xF0u, 0x00u], Enumerable.Range(0, 4).Select(ReadPlane));
        _vga.Out(0x3CE, 8);
        _vga.Out(0x3CF, 0x0F); // bit mask: the upper half comes from the latch
        _vga.Memory.Read(Graphics, 1);
        Write(Graphics, 1, 0xFF);
        Assert.Equal(0xFFu, ReadPlane(0));
        _vga.Out(0x3CE, 5);
        _vga.Out(0x3CF, 0x08); // read mode 1: which pixels have colour 5
        _vga.Out(0x3CE, 2);
        _vga.Out(0x3CF, 0x05);
        _vga.Out(0x3CE, 7);
        _vga.Out(0x3CF, 0x0F);
        Assert.Equal(0xFFu, _vga.Memory.Read(Graphics, 1));
    }

    [Fact]
    public void A_graphics_mode_has_no_text()
    {
        Planar();
        Assert.Null(_vga.Text);
    }

    [Fact]
    public void Retrace_comes_70_times_a_second()
    {
        int retraces = 0;
        bool before = false;
        for (int i = 0; i < 100_000; i++)
        {
            _clock.Advance(10_000);
            bool now = (_vga.In(0x3DA) & 8) != 0;
            retraces += now && !before ? 1 : 0;
            before = now;
        }

        Assert.InRange(retraces, 69, 71);
    }

    [Fact]
    public void A_snapshot_shows_the_same()
    {
        Write(Text, 4, 0x07420741);
        var copy = new VgaAdapter(_clock);
        Assert.Null(SnapshotProbe.Load(copy, SnapshotProbe.Save(_vga)));
        Assert.Equal("AB\n", copy.Text!.ToText());
    }

    private void Write(ulong offset, int size, uint value) => _vga.Memory.Write(offset, size, value);

    private void Crtc(byte register, byte value)
    {
        _vga.Out(0x3D4, register);
        _vga.Out(0x3D5, value);
    }

    /// <summary>16 colours at A0000.</summary>
    private void Planar()
    {
        _vga.Out(0x3CE, 6);
        _vga.Out(0x3CF, 0x05);
        _vga.Out(0x3CE, 5);
        _vga.Out(0x3CF, 0x00);
        _vga.Out(0x3C4, 4);
        _vga.Out(0x3C5, 0x06);
    }

    private uint ReadPlane(int plane)
    {
        _vga.Out(0x3CE, 4);
        _vga.Out(0x3CF, (byte)plane);
        return (uint)_vga.Memory.Read(Graphics, 1);
    }
}
