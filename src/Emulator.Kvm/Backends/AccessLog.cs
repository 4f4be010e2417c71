namespace Emulator.Kvm;

/// <summary>The accesses of the instruction under way that leave the machine.</summary>
/// <remarks>
/// A read has no data the first time: it is noted as wanted, the instruction is undone and executed again once the client answered. Then the reads that were answered are
/// answered from here, in order. Writes are kept until the instruction is through and told one by one.
/// </remarks>
internal sealed class AccessLog
{
    private const int Page = 4096;
    private readonly List<GuestAccess> _reads = [];
    private readonly List<GuestAccess> _writes = [];
    private GuestAccess _wanted;
    private int _position;
    private int _consumed;
    private int _written;
    private bool _wantedByByte;
    private bool _writtenByByte;

    /// <summary>Whether a read has to be answered before the instruction can go on.</summary>
    public bool IsWanting { get; private set; }

    /// <summary>Whether reads were answered for an instruction that is not through.</summary>
    public bool HasReads => _reads.Count != 0;

    /// <summary>Whether writes were not told yet.</summary>
    public bool HasWrites => _written < _writes.Count;

    /// <summary>The read that has to be answered.</summary>
    public GuestAccess Wanted => _wanted;

    /// <summary>Begins to execute an instruction, perhaps again.</summary>
    public void Begin()
    {
        _position = _consumed = 0;
        IsWanting = false;
    }

    /// <summary>The value of a read, when the client has answered it; otherwise it is wanted.</summary>
    public bool TryRead(AccessKind kind, ulong address, int size, out ulong value)
    {
        value = 0;
        if (IsWanting)
        {
            // The instruction is about to be undone. An access that crosses a page comes byte by byte: what lies in one page is one access.
            if (_wantedByByte && size == 1 && kind == _wanted.Kind && IsNext(_wanted, address))
            {
                _wanted = _wanted with { Size = _wanted.Size + 1 };
            }
            else
            {
                _wantedByByte = false;
            }

            return false;
        }

        if (_position < _reads.Count)
        {
            var read = _reads[_position];
            if (read.Kind == kind && _consumed == 0 && read.Address == address && read.Size == size)
            {
                _position++;
                value = read.Data;
                return true;
            }

            if (read.Kind == kind && size == 1 && address == read.Address + (ulong)_consumed)
            {
                value = (read.Data >> (8 * _consumed)) & 0xFF;
                if (++_consumed == read.Size)
                {
                    _consumed = 0;
                    _position++;
                }

                return true;
            }

            // Memory or registers were changed meanwhile, and it does something else now.
            _reads.RemoveRange(_position, _reads.Count - _position);
            _consumed = 0;
        }

        _wanted = new GuestAccess(kind, IsWrite: false, address, size, 0);
        _wantedByByte = kind == AccessKind.Memory && size == 1;
        IsWanting = true;
        return false;
    }

    /// <summary>Keeps a write.</summary>
    public void Write(AccessKind kind, ulong address, int size, ulong value)
    {
        var byByte = kind == AccessKind.Memory && size == 1;
        if (byByte && _writtenByByte && _writes.Count != 0 && IsNext(_writes[^1], address))
        {
            var last = _writes[^1];
            _writes[^1] = last with { Size = last.Size + 1, Data = last.Data | value << (8 * last.Size) };
        }
        else
        {
            _writes.Add(new GuestAccess(kind, IsWrite: true, address, size, value));
        }

        _writtenByByte = byByte;
    }

    /// <summary>Takes the client's answer to what was wanted.</summary>
    public void Answer(ulong data)
    {
        _reads.Add(_wanted with { Data = data });
        IsWanting = false;
    }

    /// <summary>The instruction was undone: what it wrote so far is not told.</summary>
    public void Undo()
    {
        _writes.Clear();
        _written = 0;
        _writtenByByte = false;
    }

    /// <summary>The instruction is through, or given up: its reads are forgotten.</summary>
    public void Finish()
    {
        _reads.Clear();
        Begin();
    }

    /// <summary>The next write to tell.</summary>
    public bool TryTakeWrite(out GuestAccess write)
    {
        if (!HasWrites)
        {
            write = default;
            return false;
        }

        write = _writes[_written++];
        if (_written == _writes.Count)
        {
            Undo();
        }

        return true;
    }

    private static bool IsNext(in GuestAccess access, ulong address)
        => address == access.Address + (ulong)access.Size && address % Page != 0 && access.Size < sizeof(ulong);
}
