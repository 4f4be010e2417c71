using System.Runtime.InteropServices;
using Emulator.Runtime;
using BusSpec = Emulator.Isa.Semantics.MemorySpec;

namespace Emulator.Replay.Check;

/// <summary>
/// A bus whose storage repeats every 64 KB, so that every address has contents and what an execution wrote can be taken back at once. It has two contents: executions that are to agree in
/// storage use the first, one that is to find other contents (another device, another host) the second.
/// </summary>
internal sealed class FoldedBus(BusSpec spec) : Bus
{
    private const int Size = 1 << 16;
    private const int Most = 1 << 12;

    private readonly byte[][] _contents = [new byte[Size], new byte[Size]];
    private readonly (ushort Index, byte Old)[] _log = new (ushort, byte)[Most];
    private readonly (ushort Index, byte Value)[] _first = new (ushort, byte)[Most];
    private readonly (ushort Index, byte Value)[] _second = new (ushort, byte)[Most];
    private readonly int[] _stamps = new int[Size];
    private readonly ulong _mask = spec.AddressWidth >= 64 ? ulong.MaxValue : (1UL << spec.AddressWidth) - 1;
    private byte[] _now = [];
    private int _logged;
    private int _firstCount;
    private int _stamp;

    public BusSpec Spec => spec;

    /// <summary>Whether the second execution uses the other contents.</summary>
    public bool Differs { get; set; }

    /// <summary>Where to note the addresses of bytes accessed; null otherwise.</summary>
    public HashSet<ulong>? Touched { get; set; }

    /// <summary>New random contents: some runs of zeros, ones and small numbers among the rest.</summary>
    public void Fill(ref RandomSource random)
    {
        foreach (var contents in _contents)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(contents.AsSpan());
            for (var chunk = 0; chunk < words.Length; chunk += 16)
            {
                var kind = random.Below(8);
                for (var i = chunk; i < chunk + 16; i++)
                {
                    words[i] = kind switch { < 3 => 0, 3 => ulong.MaxValue, 4 => random.Value(64), _ => random.Next() };
                }
            }
        }
    }

    /// <summary>Changes a byte of the first contents and returns what it was.</summary>
    public byte Patch(ulong address, byte value)
    {
        var old = _contents[0][(ushort)address];
        _contents[0][(ushort)address] = value;
        return old;
    }

    /// <summary>A byte as executions find it.</summary>
    public byte Contents(ulong address, bool second) => _contents[second && Differs ? 1 : 0][(ushort)address];

    public void Begin(bool second)
    {
        _now = _contents[second && Differs ? 1 : 0];
        _logged = 0;
    }

    /// <summary>Ends the first execution: notes what it wrote, and takes it back.</summary>
    public void EndFirst()
    {
        _firstCount = _logged;
        _stamp++;
        for (var i = 0; i < _logged; i++)
        {
            var index = _log[i].Index;
            _first[i] = (index, _now[index]);
            _stamps[index] = _stamp;
        }

        TakeBack();
    }

    /// <summary>Ends the second execution, takes back what it wrote, and tells whether both left the same. Where they began with other contents, that is not asked.</summary>
    public bool EndSecond()
    {
        if (_logged == 0 && _firstCount == 0)
        {
            return true;
        }

        var same = true;
        for (var i = 0; i < _firstCount; i++)
        {
            same &= _now[_first[i].Index] == _first[i].Value;
        }

        var count = _logged;
        for (var i = 0; i < count; i++)
        {
            _second[i] = (_log[i].Index, _now[_log[i].Index]);
        }

        TakeBack();
        for (var i = 0; i < count; i++)
        {
            same &= _stamps[_second[i].Index] == _stamp || _now[_second[i].Index] == _second[i].Value;
        }

        return same || Differs;
    }

    /// <inheritdoc/>
    public override ulong Read(ulong address, int size)
    {
        if (Touched is not null)
        {
            Note(address, size);
        }

        var at = (int)(address & (Size - 1));
        if (at <= Size - 8)
        {
            return MemoryMarshal.Read<ulong>(_now.AsSpan(at)) & AllOnes(size);
        }

        ulong value = 0;
        for (var i = 0; i < size; i++)
        {
            value |= (ulong)_now[(at + i) & (Size - 1)] << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value)
    {
        if (Touched is not null)
        {
            Note(address, size);
        }

        for (var i = 0; i < size && _logged < Most; i++)
        {
            var index = (ushort)(address + (ulong)i);
            _log[_logged++] = (index, _now[index]);
            _now[index] = (byte)(value >> (8 * i));
        }
    }

    private void Note(ulong address, int size)
    {
        for (var i = 0; i < size; i++)
        {
            Touched!.Add((address + (ulong)i) & _mask);
        }
    }

    private void TakeBack()
    {
        while (_logged > 0)
        {
            var (index, old) = _log[--_logged];
            _now[index] = old;
        }
    }
}
