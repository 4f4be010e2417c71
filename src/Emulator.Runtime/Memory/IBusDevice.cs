namespace Emulator.Runtime;

/// <summary>A device as a bus sees it: registers at offsets from where the device is mapped. Implementations never throw on guest input.</summary>
public interface IBusDevice
{
    /// <summary>The widest access in bytes (1, 2, 4 or 8) the device takes whole; wider ones are split into accesses of this size, lowest address first.</summary>
    int MaxAccessSize => 4;

    /// <summary>Reads <paramref name="size"/> bytes at an offset; bits above are ignored.</summary>
    ulong Read(ulong offset, int size);

    /// <summary>Writes <paramref name="size"/> bytes at an offset; bits of <paramref name="value"/> above are zero.</summary>
    void Write(ulong offset, int size, ulong value);
}
