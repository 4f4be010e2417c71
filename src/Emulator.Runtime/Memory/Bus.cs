namespace Emulator.Runtime;

/// <summary>A space of bytes that memory and devices answer: physical memory, I/O ports. Accesses never throw and never fault.</summary>
public abstract class Bus
{
    /// <summary>Reads <paramref name="size"/> bytes (1 to 8), little-endian and zero-extended. Bytes that nobody answers read as all ones.</summary>
    public abstract ulong Read(ulong address, int size);

    /// <summary>Writes the low <paramref name="size"/> bytes (1 to 8) of a value, little-endian. Bytes that nobody answers are dropped.</summary>
    public abstract void Write(ulong address, int size, ulong value);

    /// <summary>The memory whose pages may be reached by pointer at the addresses of this bus; null for none.</summary>
    public virtual PhysicalMemory? Pages => null;

    /// <summary>All ones in the low <paramref name="size"/> bytes: what an unclaimed read returns.</summary>
    public static ulong AllOnes(int size) => ulong.MaxValue >> (64 - 8 * size);
}
