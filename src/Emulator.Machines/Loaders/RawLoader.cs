namespace Emulator.Machines;

/// <summary>Files without a format, copied to an address.</summary>
public static class RawLoader
{
    /// <summary>Checks that a file fits into RAM at an address.</summary>
    public static Loaded<LoadSegment> Load(ImageFile file, ulong address, RamMap ram)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(ram);
        if (!ram.Contains(address, (ulong)file.Length))
        {
            return new ImageError(file.Name, $"0x{address:x} to 0x{address + (ulong)file.Length:x}", "there is no RAM at these addresses",
                "load it elsewhere, or give the machine more memory");
        }

        return new LoadSegment(address, file.Content, (ulong)file.Length);
    }
}
