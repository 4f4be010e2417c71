using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

public sealed unsafe partial class PhysicalMemory
{
    private IBusDevice? _unclaimed;

    /// <summary>Who answers where neither memory nor a device does, writes to memory that cannot be written included; null (the default) reads all ones and drops writes.</summary>
    /// <remarks>It sees physical addresses as offsets and takes accesses of 1, 2, 4 and 8 bytes whole. Set before the first access.</remarks>
    public IBusDevice? Unclaimed
    {
        get => Lowest._unclaimed;
        set => Lowest._unclaimed = value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadUnclaimed(ulong address, int size)
    {
        if (Unclaimed == null)
        {
            return AllOnes(size);
        }

        return (size & (size - 1)) == 0 ? Unclaimed.Read(address, size) & AllOnes(size) : ReadBytes(address, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteUnclaimed(ulong address, int size, ulong value)
    {
        if (Unclaimed == null)
        {
            return;
        }

        if ((size & (size - 1)) == 0)
        {
            Unclaimed.Write(address, size, value & AllOnes(size));
        }
        else
        {
            WriteBytes(address, size, value);
        }
    }
}
