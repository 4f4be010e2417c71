using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>What answers between A0000 and FFFFF: RAM, ROM or the video adapter, as the host bridge directs.</summary>
public sealed unsafe class LowMemoryMap
{
    private const uint VideoStart = 0xA0000, VideoLength = 0x20000, ShadowStart = 0xC0000, ShadowEnd = 0x100000;

    private readonly PhysicalMemory _memory;
    private readonly byte* _ram;
    private readonly byte* _rom;
    private readonly uint _romStart;

    /// <summary>Creates the map; nothing is mapped before the host bridge's registers get their reset values.</summary>
    /// <param name="memory">The address space.</param>
    /// <param name="ram">RAM as seen from address 0 (at least 1 MB).</param>
    /// <param name="rom">ROM that lies below 1 MB while not shadowed, ending at FFFFF.</param>
    /// <param name="romLength">Its length in bytes, at most 256 KB.</param>
    public LowMemoryMap(PhysicalMemory memory, NativeBlock ram, byte* rom, uint romLength)
    {
        _memory = memory;
        _ram = ram.Pointer;
        _rom = rom;
        _romStart = ShadowEnd - romLength;
    }

    /// <summary>Directs a run of 16 KB blocks from C0000 up.</summary>
    /// <param name="start">First address.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="readRam">Reads see RAM instead of ROM.</param>
    /// <param name="writeRam">Writes reach RAM instead of nothing.</param>
    public void SetShadow(uint start, uint length, bool readRam, bool writeRam)
    {
        if (start < ShadowStart || start + length > ShadowEnd)
            return;
        byte* rom = start >= _romStart ? _rom + (start - _romStart) : null;
        _memory.MapMemory(start, length, readRam ? _ram + start : rom, writeRam ? _ram + start : null);
    }

    /// <summary>Shows the RAM under the video memory (system management RAM opened by its register) or the video memory.</summary>
    public void ShowSmram(bool visible)
    {
        byte* ram = visible ? _ram + VideoStart : null;
        _memory.MapMemory(VideoStart, VideoLength, ram, ram);
    }
}
