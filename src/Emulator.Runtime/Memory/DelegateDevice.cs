namespace Emulator.Runtime;

/// <summary>A bus device made of two functions, for registers too small to deserve a class.</summary>
/// <param name="read">Reads (offset, size in bytes); null reads all ones.</param>
/// <param name="write">Writes (offset, size in bytes, value); null drops.</param>
/// <param name="maxAccessSize">The widest access in bytes that is not split.</param>
public sealed class DelegateDevice(Func<ulong, int, ulong>? read, Action<ulong, int, ulong>? write, int maxAccessSize = 1) : IBusDevice
{
    /// <inheritdoc/>
    public int MaxAccessSize => maxAccessSize;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => read is null ? Bus.AllOnes(size) : read(offset, size);

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value) => write?.Invoke(offset, size, value);
}
