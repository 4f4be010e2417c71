using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>What harts ask their machine: what there is at physical addresses, and the time.</summary>
/// <param name="memory">The physical address space.</param>
/// <param name="ramSize">RAM in bytes.</param>
/// <param name="clint">Keeper of the time.</param>
internal sealed class VirtEnvironment(PhysicalMemory memory, ulong ramSize, Clint clint)
{
    private const uint Write = 1, Fetch = 2;

    /// <summary>mtime, as the time CSR shows it.</summary>
    public ulong Time => clint.Time;

    /// <summary>Whether memory or a device answers an access (0 read, 1 write, 2 fetch): ROM is not written, devices hold no code.</summary>
    public bool IsAccessible(ulong address, uint access)
    {
        if (address - VirtMap.Ram < ramSize)
            return true;
        if (address - VirtMap.Rom < VirtMap.RomSize)
            return access != Write;
        return access != Fetch && address < VirtMap.Ram && memory.IsDevice(address, access == Write);
    }
}
