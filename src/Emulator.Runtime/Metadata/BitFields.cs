namespace Emulator.Runtime;

/// <summary>A state of bit fields as one value and back, for software that moves it often. The state must be settled, and what is derived from it is not recomputed.</summary>
public sealed unsafe class BitFields
{
    private readonly (int Offset, int Low, byte Mask)[] _bytes;
    private readonly (int Offset, int Low, int Width, int Size)[] _wide;
    private readonly ulong _fixed;

    /// <summary>Prepares it.</summary>
    /// <param name="state">A scalar of at most 64 bits.</param>
    public BitFields(StateInfo state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _bytes = [.. state.Atoms.Where(a => a.Size == 1).Select(a => (a.Offset, a.Low, (byte)((1 << a.Width) - 1)))];
        _wide = [.. state.Atoms.Where(a => a.Size is > 1 and <= 8).Select(a => (a.Offset, a.Low, a.Width, a.Size))];
        _fixed = (ulong)state.FixedBits;
    }

    /// <summary>The whole state.</summary>
    public ulong Read(void* state)
    {
        ulong value = _fixed;
        foreach (var (offset, low, _) in _bytes)
        {
            value |= (ulong)*((byte*)state + offset) << low;
        }

        foreach (var (offset, low, _, size) in _wide)
        {
            value |= HostAccess.Read((byte*)state + offset, size) << low;
        }

        return value;
    }

    /// <summary>Sets it; fixed bits are dropped.</summary>
    public void Write(void* state, ulong value)
    {
        foreach (var (offset, low, mask) in _bytes)
        {
            *((byte*)state + offset) = (byte)((byte)(value >> low) & mask);
        }

        foreach (var (offset, low, width, size) in _wide)
        {
            HostAccess.Write((byte*)state + offset, size, (value >> low) & ((1UL << width) - 1));
        }
    }
}
