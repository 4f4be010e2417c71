namespace Emulator.Machines;

/// <summary>Fills the CMOS memory the way SeaBIOS expects it of a QEMU-like PC: memory sizes, boot order, processor count.</summary>
internal static class CmosImage
{
    private const ulong Kilobyte = 1024, Megabyte = 1024 * Kilobyte;

    /// <summary>Writes the configuration bytes.</summary>
    /// <param name="cmos">The 128 bytes of CMOS memory.</param>
    /// <param name="below4G">Bytes of RAM from address 0 up.</param>
    /// <param name="above4G">Bytes of RAM from 4 GiB up.</param>
    /// <param name="bootOrder">Up to three devices: 'a' floppy, 'c' disk, 'd' CD-ROM, 'n' network.</param>
    public static void Fill(Span<byte> cmos, ulong below4G, ulong above4G, string bootOrder)
    {
        cmos[0x0F] = 0;    // shutdown status: a cold start
        cmos[0x10] = 0;    // no floppy drives
        cmos[0x14] = 0x06; // equipment: coprocessor socket, pointing device

        Word(cmos, 0x15, Math.Min(below4G / Kilobyte, 640));
        ulong extended = below4G > Megabyte ? (below4G - Megabyte) / Kilobyte : 0;
        Word(cmos, 0x17, Math.Min(extended, 0xFFFF));
        Word(cmos, 0x30, Math.Min(extended, 0xFFFF));
        Word(cmos, 0x34, below4G > 16 * Megabyte ? Math.Min((below4G - (16 * Megabyte)) / (64 * Kilobyte), 0xFFFF) : 0);

        ulong high = above4G / (64 * Kilobyte);
        cmos[0x5B] = (byte)high;
        cmos[0x5C] = (byte)(high >> 8);
        cmos[0x5D] = (byte)(high >> 16);
        cmos[0x5F] = 0; // processors besides the first

        cmos[0x3D] = (byte)(BootCode(bootOrder, 0) | (BootCode(bootOrder, 1) << 4));
        cmos[0x38] = (byte)(0x01 | (BootCode(bootOrder, 2) << 4)); // bit 0: do not test the floppy's boot signature

        // The AT's checksum over 10 to 2D, high byte first.
        int sum = 0;
        for (int i = 0x10; i <= 0x2D; i++)
            sum += cmos[i];
        cmos[0x2E] = (byte)(sum >> 8);
        cmos[0x2F] = (byte)sum;
    }

    private static void Word(Span<byte> cmos, int index, ulong value)
    {
        cmos[index] = (byte)value;
        cmos[index + 1] = (byte)(value >> 8);
    }

    private static int BootCode(string order, int position) => position >= order.Length ? 0 : order[position] switch
    {
        'a' => 1,
        'c' => 2,
        'd' => 3,
        'n' => 4,
        _ => 0,
    };
}
