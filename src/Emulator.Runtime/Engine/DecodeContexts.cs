namespace Emulator.Runtime;

/// <summary>Numbers the decode contexts met: equal values, equal number.</summary>
internal sealed class DecodeContexts(int size)
{
    /// <summary>Most contexts kept; then everything starts afresh.</summary>
    public const int Limit = 1 << 16;

    private readonly ulong[] _current = new ulong[size];
    private ulong[] _values = new ulong[16 * size];
    private int[] _slots = new int[64];

    /// <summary>Where the engine puts the values to look up.</summary>
    public ulong[] Scratch { get; } = new ulong[size];

    /// <summary>Contexts numbered so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether <see cref="Find"/> may run out of numbers.</summary>
    public bool IsFull => Count >= Limit;

    /// <summary>Whether the scratch values are those found last.</summary>
    public bool IsCurrent => Count > 0 && _current.AsSpan().SequenceEqual(Scratch);

    public void Clear()
    {
        Count = 0;
        Array.Clear(_slots);
    }

    /// <summary>The number of the scratch values.</summary>
    public int Find()
    {
        Scratch.CopyTo(_current, 0);
        var mask = _slots.Length - 1;
        var slot = (int)Hash(Scratch) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (Values(_slots[slot] - 1).SequenceEqual(Scratch))
            {
                return _slots[slot] - 1;
            }
        }

        if ((Count + 1) * size > _values.Length)
        {
            Array.Resize(ref _values, 2 * _values.Length);
        }

        _slots[slot] = ++Count;
        Scratch.CopyTo(_values, (Count - 1) * size);
        if (2 * Count > _slots.Length)
        {
            Rehash();
        }

        return Count - 1;
    }

    private static ulong Hash(ReadOnlySpan<ulong> values)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var value in values)
        {
            hash = (hash ^ value) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
        }

        return hash;
    }

    private ReadOnlySpan<ulong> Values(int id) => _values.AsSpan(id * size, size);

    private void Rehash()
    {
        _slots = new int[2 * _slots.Length];
        var mask = _slots.Length - 1;
        for (var id = 0; id < Count; id++)
        {
            var slot = (int)Hash(Values(id)) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = id + 1;
        }
    }
}
