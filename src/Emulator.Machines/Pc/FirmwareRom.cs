namespace Emulator.Machines;

/// <summary>What images a ROM socket takes.</summary>
internal static class FirmwareRom
{
    private const int Unit = 64 << 10, Largest = 16 << 20, OptionRomUnit = 512;

    /// <summary>Why a firmware image cannot be used, or null.</summary>
    public static ImageError? Check(ImageFile rom)
    {
        if (rom.Length == 0 || rom.Length % Unit != 0 || rom.Length > Largest)
        {
            return new ImageError(rom.Name, "size", $"{rom.Length} bytes are no size of a firmware ROM",
                "give an image of a multiple of 64 KB, at most 16 MB, such as SeaBIOS's bios-256k.bin");
        }

        return null;
    }

    /// <summary>Why an option ROM cannot be used, or null (IBM PC/AT technical reference, "ROM modules": 55 AA, the length in 512 bytes, a sum of zero).</summary>
    public static ImageError? CheckOptionRom(ImageFile rom)
    {
        const string Remedy = "give an option ROM, such as SeaBIOS's vgabios-isavga.bin";
        ReadOnlySpan<byte> bytes = rom.Span;
        if (bytes.Length < 3 || bytes[0] != 0x55 || bytes[1] != 0xAA)
            return new ImageError(rom.Name, "offset 0", "the signature 55 AA of an option ROM is missing", Remedy);
        int length = bytes[2] * OptionRomUnit;
        if (length == 0 || length > bytes.Length)
            return new ImageError(rom.Name, "offset 2", $"the ROM says it has {length} bytes, the file has {bytes.Length}", Remedy);
        int sum = 0;
        foreach (byte value in bytes[..length])
            sum += value;
        return (byte)sum == 0 ? null : new ImageError(rom.Name, "checksum", $"the sum of its bytes is 0x{(byte)sum:x2}, not 0", "the file is damaged: copy it again");
    }
}
