namespace Emulator.Machines;

/// <summary>The register files of a VGA; after a reset they hold what a video BIOS sets for text mode 3 (80x25, 16 colours), so that guests without one have a screen.</summary>
internal sealed class VgaRegisters
{
    public byte[] Sequencer { get; } = new byte[8];

    public byte[] Graphics { get; } = new byte[16];

    public byte[] Crtc { get; } = new byte[32];

    public byte[] Attribute { get; } = new byte[32];

    /// <summary>Red, green and blue of 256 colours, 6 bits each.</summary>
    public byte[] Palette { get; } = new byte[768];

    public byte MiscOutput { get; set; }

    /// <summary>Four planes chained into consecutive bytes (mode 13h).</summary>
    public bool Chain4 => (Sequencer[4] & 8) != 0;

    /// <summary>Whether the adapter shows characters.</summary>
    public bool TextMode => (Graphics[6] & 1) == 0;

    private static ReadOnlySpan<byte> Mode3Sequencer => [0x03, 0x00, 0x03, 0x00, 0x02];

    private static ReadOnlySpan<byte> Mode3Crtc =>
    [
        0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00, 0x4F, 0x0D, 0x0E, 0x00,
        0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x1F, 0x96, 0xB9, 0xA3, 0xFF,
    ];

    private static ReadOnlySpan<byte> Mode3Graphics => [0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xFF];

    private static ReadOnlySpan<byte> Mode3Attribute =>
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x0C, 0x00, 0x0F, 0x08, 0x00,
    ];

    public void Reset()
    {
        Fill(Sequencer, Mode3Sequencer);
        Fill(Crtc, Mode3Crtc);
        Fill(Graphics, Mode3Graphics);
        Fill(Attribute, Mode3Attribute);
        MiscOutput = 0x67;
        for (int i = 0; i < 256; i++)
        {
            // The EGA's 64 colours: bits 2, 1, 0 are two thirds of red, green, blue; bits 5, 4, 3 one third.
            for (int c = 0; c < 3; c++)
                Palette[(3 * i) + c] = (byte)((((i >> (2 - c)) & 1) * 0x2A) + (((i >> (5 - c)) & 1) * 0x15));
        }
    }

    public void Transfer(SnapshotStream s)
    {
        s.Values<byte>(Sequencer);
        s.Values<byte>(Graphics);
        s.Values<byte>(Crtc);
        s.Values<byte>(Attribute);
        s.Values<byte>(Palette);
        byte misc = MiscOutput;
        s.Value(ref misc);
        MiscOutput = misc;
    }

    private static void Fill(byte[] registers, ReadOnlySpan<byte> values)
    {
        Array.Clear(registers);
        values.CopyTo(registers);
    }
}
