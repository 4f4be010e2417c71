using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Runtime;
using BusSpec = Emulator.Isa.Semantics.MemorySpec;

namespace Emulator.Replay;

/// <summary>A bus on which every address is storage, zero until it is written: what the derivation takes a bus to be.</summary>
internal sealed class SparseBus(BusSpec spec) : Bus
{
    private readonly ulong _mask = spec.AddressWidth >= 64 ? ulong.MaxValue : (1UL << spec.AddressWidth) - 1;
    private readonly Dictionary<ulong, byte> _bytes = [];

    /// <inheritdoc/>
    public override ulong Read(ulong address, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++)
        {
            value |= (ulong)_bytes.GetValueOrDefault((address + (ulong)i) & _mask) << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value)
    {
        for (var i = 0; i < size; i++)
        {
            _bytes[(address + (ulong)i) & _mask] = (byte)(value >> (8 * i));
        }
    }

    /// <summary>Takes over the bytes of a state.</summary>
    public void Load(ConcreteState state)
    {
        _bytes.Clear();
        foreach (var (address, value) in state.Bytes(spec))
        {
            _bytes[(ulong)(address & ulong.MaxValue)] = value;
        }
    }

    /// <summary>Hands the bytes to a state.</summary>
    public void Store(ConcreteState state)
    {
        foreach (var (address, value) in _bytes)
        {
            state.SetByte(spec, new BigInteger(address), value);
        }
    }
}
