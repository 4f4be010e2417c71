using System.Buffers.Binary;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>A split virtqueue (Virtual I/O Device 1.2, section 2.7): requests the driver makes available, and gives back used.</summary>
public sealed class VirtQueue
{
    /// <summary>Most entries a queue can have.</summary>
    public const int LargestSize = 256;

    private const int DescriptorSize = 16;
    private const ushort Next = 1, Write = 2, Indirect = 4, NoInterrupt = 1;

    private readonly PhysicalMemory _memory;
    private readonly List<VirtioSegment> _segments = [];
    private ushort _nextAvailable, _nextUsed, _head;

    internal VirtQueue(PhysicalMemory memory) => _memory = memory;

    /// <summary>Entries the driver chose.</summary>
    public uint Size { get; set; } = LargestSize;

    /// <summary>Whether the driver has set the queue up.</summary>
    public bool IsReady { get; set; }

    /// <summary>Addresses of descriptor table, available ring and used ring.</summary>
    public ulong Descriptors { get; set; }

    /// <inheritdoc cref="Descriptors"/>
    public ulong Available { get; set; }

    /// <inheritdoc cref="Descriptors"/>
    public ulong Used { get; set; }

    /// <summary>Whether the driver broke the rules: the device needs a reset.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The request taken last.</summary>
    public IReadOnlyList<VirtioSegment> Segments => _segments;

    /// <summary>Takes the next request. False when there is none, or the queue is broken.</summary>
    public bool TryTake()
    {
        if (!IsReady || IsBroken || U16(Available + 2) is var index && index == _nextAvailable)
            return false;
        ushort pending = (ushort)(U16(Available + 2) - _nextAvailable);
        if (pending > Size)
            return Break();
        _head = U16(Available + 4 + (2 * (_nextAvailable % Size)));
        _nextAvailable++;
        return Follow(_head) || Break();
    }

    /// <summary>Gives the request back.</summary>
    /// <param name="written">Bytes the device wrote.</param>
    /// <returns>Whether the driver wants an interrupt.</returns>
    public bool GiveBack(uint written)
    {
        Span<byte> element = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(element, _head);
        BinaryPrimitives.WriteUInt32LittleEndian(element[4..], written);
        _memory.CopyIn(Used + 4 + (8 * (_nextUsed % Size)), element);
        _nextUsed++;
        Span<byte> index = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(index, _nextUsed);
        _memory.CopyIn(Used + 2, index);
        return (U16(Available) & NoInterrupt) == 0;
    }

    /// <summary>Copies the bytes the device reads, from an offset on; returns how many there were.</summary>
    public int Read(uint offset, Span<byte> destination) => Copy(offset, destination, intoGuest: false);

    /// <summary>Writes the bytes the device writes, from an offset on; returns how many there was room for.</summary>
    public int WriteBack(uint offset, Span<byte> source) => Copy(offset, source, intoGuest: true);

    /// <summary>Bytes of the request the device reads, or writes.</summary>
    public ulong Length(bool writable)
    {
        ulong length = 0;
        foreach (VirtioSegment segment in _segments)
            length += segment.IsWritable == writable ? segment.Length : 0;
        return length;
    }

    internal void Reset()
    {
        Size = LargestSize;
        IsReady = IsBroken = false;
        Descriptors = Available = Used = 0;
        _nextAvailable = _nextUsed = 0;
    }

    internal void Transfer(SnapshotStream s)
    {
        uint size = Size;
        bool ready = IsReady, broken = IsBroken;
        ulong descriptors = Descriptors, available = Available, used = Used;
        s.Value(ref size);
        s.Value(ref ready);
        s.Value(ref broken);
        s.Value(ref descriptors);
        s.Value(ref available);
        s.Value(ref used);
        s.Value(ref _nextAvailable);
        s.Value(ref _nextUsed);
        if (size is 0 or > LargestSize)
            s.Fail($"a queue of {size} entries");
        else
            Size = size;
        (IsReady, IsBroken, Descriptors, Available, Used) = (ready, broken, descriptors, available, used);
    }

    private bool Break()
    {
        IsBroken = true;
        return false;
    }

    private bool Follow(uint index)
    {
        _segments.Clear();
        (ulong table, uint size) = (Descriptors, Size);
        Span<byte> descriptor = stackalloc byte[DescriptorSize];
        for (int hops = 0; hops <= LargestSize; hops++)
        {
            if (index >= size)
                return false;
            _memory.CopyOut(table + (DescriptorSize * (ulong)index), descriptor);
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(descriptor);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]);
            ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[12..]);
            if ((flags & Indirect) != 0) // not offered
                return false;
            _segments.Add(new VirtioSegment(address, length, (flags & Write) != 0));
            if ((flags & Next) == 0)
                return true;
            index = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[14..]);
        }

        return false; // the chain runs in a circle
    }

    private int Copy(uint offset, Span<byte> bytes, bool intoGuest)
    {
        int done = 0;
        ulong skip = offset;
        foreach (VirtioSegment segment in _segments)
        {
            if (segment.IsWritable != intoGuest)
                continue;
            if (skip >= segment.Length)
            {
                skip -= segment.Length;
                continue;
            }

            int count = (int)Math.Min(segment.Length - skip, (ulong)(bytes.Length - done));
            if (intoGuest)
                _memory.CopyIn(segment.Address + skip, bytes.Slice(done, count));
            else
                _memory.CopyOut(segment.Address + skip, bytes.Slice(done, count));
            done += count;
            skip = 0;
            if (done == bytes.Length)
                break;
        }

        return done;
    }

    private ushort U16(ulong address)
    {
        Span<byte> bytes = stackalloc byte[2];
        _memory.CopyOut(address, bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }
}
