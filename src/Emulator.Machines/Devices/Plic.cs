using System.Numerics;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The platform-level interrupt controller (RISC-V PLIC specification 1.0): a machine-mode and a supervisor-mode context per hart, level-triggered sources.</summary>
public sealed class Plic : IBusDevice, ISnapshotPart
{
    /// <summary>Bytes of address space, and the number of the last source.</summary>
    public const ulong Size = 0x600000;

    /// <summary>Sources, numbered from 1.</summary>
    public const int Sources = 95;

    private const int Words = (Sources / 32) + 1;
    private const uint LargestPriority = 7;
    private const ulong Pending = 0x1000, Enable = 0x2000, EnableStride = 0x80, Context = 0x200000, ContextStride = 0x1000;

    private readonly uint[] _priority = new uint[Sources + 1];
    private readonly uint[] _level = new uint[Words], _pending = new uint[Words], _claimed = new uint[Words];
    private readonly uint[] _enable, _threshold;

    /// <summary>Creates it for a number of harts.</summary>
    public Plic(int harts)
    {
        Outputs = [.. Enumerable.Range(0, 2 * harts).Select(_ => new Signal())];
        _enable = new uint[Outputs.Count * Words];
        _threshold = new uint[Outputs.Count];
    }

    /// <inheritdoc/>
    public string PartName => "plic";

    /// <summary>The request of each context: of machine mode and supervisor mode of hart 0, of hart 1, and so on.</summary>
    public IReadOnlyList<Signal> Outputs { get; }

    /// <summary>Drives the line of a source (1 to 95).</summary>
    public void SetLevel(int source, bool level)
    {
        uint bit = 1u << (source & 31);
        int word = source >> 5;
        _level[word] = level ? _level[word] | bit : _level[word] & ~bit;

        // The gateway forwards no further request until the last one is completed; one forwarded stays.
        if (level && (_claimed[word] & bit) == 0)
            _pending[word] |= bit;
        Update();
    }

    /// <summary>Connects a device's line to a source.</summary>
    public void Connect(Signal line, int source) => line.Connect(level => SetLevel(source, level));

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (size != 4 || (offset & 3) != 0)
            return 0;
        if (offset < Pending)
            return offset / 4 <= Sources ? _priority[offset / 4] : 0;
        if (offset < Enable)
            return (offset - Pending) / 4 < Words ? _pending[(offset - Pending) / 4] : 0;
        if (offset < Context)
            return EnableIndex(offset) is { } index ? _enable[index] : 0;
        ulong context = (offset - Context) / ContextStride;
        if (context >= (ulong)Outputs.Count)
            return 0;
        return (offset & (ContextStride - 1)) switch
        {
            0 => _threshold[context],
            4 => Claim((int)context),
            _ => 0,
        };
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size != 4 || (offset & 3) != 0)
            return;
        if (offset < Pending)
        {
            if (offset / 4 is >= 1 and <= Sources)
                _priority[offset / 4] = (uint)value & LargestPriority;
        }
        else if (offset < Context)
        {
            if (offset >= Enable && EnableIndex(offset) is { } index)
                _enable[index] = (uint)value & (index % Words == 0 ? ~1u : ~0u);
        }
        else if ((offset - Context) / ContextStride is var context && context < (ulong)Outputs.Count)
        {
            if ((offset & (ContextStride - 1)) == 0)
                _threshold[context] = (uint)value & LargestPriority;
            else if ((offset & (ContextStride - 1)) == 4)
                Complete((int)context, (uint)value);
        }

        Update();
    }

    /// <summary>Everything off; the lines stay as they are driven.</summary>
    public void Reset()
    {
        foreach (uint[] registers in (uint[][])[_priority, _claimed, _enable, _threshold])
            Array.Clear(registers);
        _level.CopyTo(_pending, 0);
        Update();
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        foreach (uint[] registers in (uint[][])[_priority, _level, _pending, _claimed, _enable, _threshold])
            s.Values<uint>(registers);
        if (s.IsLoading)
            Update();
    }

    private static bool Has(uint[] words, uint source) => (words[source >> 5] & (1u << (int)(source & 31))) != 0;

    private int? EnableIndex(ulong offset)
    {
        ulong context = (offset - Enable) / EnableStride, word = (offset & (EnableStride - 1)) / 4;
        return context < (ulong)Outputs.Count && word < Words ? (int)((context * Words) + word) : null;
    }

    /// <summary>The pending source of highest priority that is enabled, the lowest number among equals; 0 for none.</summary>
    private uint Best(int context, uint above)
    {
        uint best = 0;
        for (int word = 0; word < Words; word++)
        {
            for (uint ready = _pending[word] & _enable[(context * Words) + word]; ready != 0; ready &= ready - 1)
            {
                uint source = (uint)((32 * word) + BitOperations.TrailingZeroCount(ready));
                if (_priority[source] > above)
                    (best, above) = (source, _priority[source]);
            }
        }

        return best;
    }

    /// <summary>A claim does not look at the threshold (chapter 7 of the specification).</summary>
    private uint Claim(int context)
    {
        uint source = Best(context, 0);
        if (source == 0)
            return 0;
        uint bit = 1u << (int)(source & 31);
        _pending[source >> 5] &= ~bit;
        _claimed[source >> 5] |= bit;
        Update();
        return source;
    }

    /// <summary>A completion of a source that is not enabled for the context is ignored (chapter 9).</summary>
    private void Complete(int context, uint source)
    {
        if (source is 0 or > Sources || (_enable[(context * Words) + (int)(source >> 5)] & (1u << (int)(source & 31))) == 0)
            return;
        uint bit = 1u << (int)(source & 31);
        _claimed[source >> 5] &= ~bit;
        if (Has(_level, source))
            _pending[source >> 5] |= bit;
    }

    private void Update()
    {
        for (int context = 0; context < Outputs.Count; context++)
            Outputs[context].Set(Best(context, _threshold[context]) != 0);
    }
}
