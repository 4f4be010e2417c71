using System.Runtime.CompilerServices;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>
/// The physical address space of a real CPU: the guest's memory at its own addresses, and, where the guest has none, the frames the monitor keeps for itself. Only the real CPU's walks of page
/// tables come here with an address of the monitor's: no shadow maps one.
/// </summary>
internal sealed unsafe class RealMemory : Bus, IDisposable
{
    /// <summary>Bytes of a frame.</summary>
    public const int FrameSize = PhysicalMemory.PageSize;

    private const ulong Nowhere = ulong.MaxValue;

    private readonly PhysicalMemory _guest;
    private readonly Bus _below;
    private readonly NativeBlock _frames;
    private readonly ulong _limit;
    private ulong _start = Nowhere;

    /// <summary>Puts frames beside the guest's memory.</summary>
    /// <param name="below">The guest's bus.</param>
    /// <param name="frames">Number of frames.</param>
    /// <param name="limit">First address they must lie below; a power of two.</param>
    public RealMemory(Bus below, int frames, ulong limit)
    {
        (_below, _guest, _limit) = (below, below.Pages!, limit);
        _frames = new NativeBlock((nuint)frames * FrameSize);
        Place();
    }

    /// <inheritdoc/>
    public override PhysicalMemory Pages => _guest;

    /// <summary>Whether the frames have addresses.</summary>
    public bool IsPlaced => _start != Nowhere;

    /// <summary>Physical address of the first frame.</summary>
    public ulong Start => _start;

    /// <summary>Bytes.</summary>
    public ulong Size => _frames.Length;

    /// <summary>A frame, for the monitor.</summary>
    public ulong* Frame(int index) => (ulong*)(_frames.Pointer + ((nint)index * FrameSize));

    /// <summary>Whether an address is the monitor's.</summary>
    public bool IsOwn(ulong address) => address - _start < Size && IsPlaced;

    /// <summary>Finds addresses for the frames where the guest has no memory, as high as possible.</summary>
    public void Place()
    {
        _start = Nowhere;
        for (ulong end = _limit; end >= Size; end -= Size)
        {
            if (!IsFree(end - Size))
                continue;
            _start = end - Size;
            return;
        }
    }

    /// <summary>Whether the guest has no memory where the frames are.</summary>
    public bool IsFree() => IsPlaced && IsFree(_start);

    /// <inheritdoc/>
    public override ulong Read(ulong address, int size)
    {
        ulong offset = address - _start;
        if (offset > Size - (ulong)size)
            return _below.Read(address, size);
        byte* at = _frames.Pointer + offset;
        if (size == sizeof(ulong))
            return Unsafe.ReadUnaligned<ulong>(at);
        ulong value = 0;
        Unsafe.CopyBlockUnaligned(&value, at, (uint)size);
        return value;
    }

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value)
    {
        ulong offset = address - _start;
        if (offset > Size - (ulong)size)
            _below.Write(address, size, value);
        else
            Unsafe.CopyBlockUnaligned(_frames.Pointer + offset, &value, (uint)size);
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    private bool IsFree(ulong start)
    {
        for (ulong offset = 0; offset < Size; offset += FrameSize)
        {
            if (_guest.TryGetHostPage(start + offset, write: false, out _))
                return false;
        }

        return true;
    }
}
