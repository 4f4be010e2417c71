using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>A machine's state with known values: every atom, the bytes of every bus, and the machine outside the processor.</summary>
public sealed class ConcreteState
{
    private readonly IsaModel model;
    private readonly BigInteger[][] atoms;
    private readonly Dictionary<BigInteger, byte>[] memories;

    /// <summary>Which parts are this state's alone; the others are shared with copies until one is written.</summary>
    private readonly bool[] ownAtoms;
    private readonly bool[] ownMemories;

    /// <summary>The state with every atom at its reset value; memory is zero.</summary>
    public ConcreteState(IsaModel model)
    {
        this.model = model;
        atoms = new BigInteger[model.Atoms.Count][];
        foreach (StateAtom atom in model.Atoms)
        {
            var values = new BigInteger[Math.Max(1, atom.Count)];
            for (int i = 0; i < values.Length; i++) values[i] = i == atom.HardWiredZero ? BigInteger.Zero : atom.Reset;
            atoms[atom.Index] = values;
        }
        memories = model.Memories.Select(_ => new Dictionary<BigInteger, byte>()).ToArray();
        ownAtoms = new bool[atoms.Length];
        ownMemories = new bool[memories.Length];
        Devices = new BigInteger[6];
    }

    private ConcreteState(ConcreteState other)
    {
        model = other.model;
        Array.Clear(other.ownAtoms, 0, other.ownAtoms.Length);
        Array.Clear(other.ownMemories, 0, other.ownMemories.Length);
        atoms = (BigInteger[][])other.atoms.Clone();
        memories = (Dictionary<BigInteger, byte>[])other.memories.Clone();
        ownAtoms = new bool[atoms.Length];
        ownMemories = new bool[memories.Length];
        Devices = (BigInteger[])other.Devices.Clone();
    }

    /// <summary>State of the machine outside the processor, a number per resource role.</summary>
    public BigInteger[] Devices { get; private set; }

    /// <summary>Times translations were dropped.</summary>
    public int Flushes { get; set; }

    public ConcreteState Clone() => new(this);

    /// <summary>Value of an atom, or of an element of it.</summary>
    public BigInteger this[StateAtom atom, int index = 0]
    {
        get => (uint)index < (uint)atoms[atom.Index].Length ? atoms[atom.Index][index] : BigInteger.Zero;
        set
        {
            if ((uint)index >= (uint)atoms[atom.Index].Length || index == atom.HardWiredZero) return;
            if (!ownAtoms[atom.Index])
            {
                atoms[atom.Index] = (BigInteger[])atoms[atom.Index].Clone();
                ownAtoms[atom.Index] = true;
            }
            atoms[atom.Index][index] = value & IrMath.Mask(atom.Width);
        }
    }

    public byte Byte(MemorySpec bus, BigInteger address) => memories[bus.Index].TryGetValue(address, out byte value) ? value : (byte)0;

    public void SetByte(MemorySpec bus, BigInteger address, byte value)
    {
        if (!ownMemories[bus.Index])
        {
            memories[bus.Index] = new Dictionary<BigInteger, byte>(memories[bus.Index]);
            ownMemories[bus.Index] = true;
        }
        if (value == 0) memories[bus.Index].Remove(address);
        else memories[bus.Index][address] = value;
    }

    /// <summary>Bytes of a bus that are not zero, by address.</summary>
    public IEnumerable<KeyValuePair<BigInteger, byte>> Bytes(MemorySpec bus) => memories[bus.Index].OrderBy(b => b.Key);

    /// <summary>Goes back to a saved state, but for what a trap does not undo: `keep` state, memory and devices.</summary>
    public void RollBack(ConcreteState saved)
    {
        foreach (StateAtom atom in model.Atoms)
        {
            if (atom.Keep || ReferenceEquals(atoms[atom.Index], saved.atoms[atom.Index])) continue;
            atoms[atom.Index] = saved.atoms[atom.Index];
            ownAtoms[atom.Index] = saved.ownAtoms[atom.Index] = false;
        }
    }

    /// <summary>Whether an atom has the same value in two states, all its elements.</summary>
    public bool SameAtom(ConcreteState other, StateAtom atom) =>
        ReferenceEquals(atoms[atom.Index], other.atoms[atom.Index]) || atoms[atom.Index].SequenceEqual(other.atoms[atom.Index]);

    /// <summary>Whether the bytes of a bus are the same.</summary>
    public bool SameBytes(ConcreteState other, MemorySpec bus)
    {
        Dictionary<BigInteger, byte> a = memories[bus.Index];
        Dictionary<BigInteger, byte> b = other.memories[bus.Index];
        return ReferenceEquals(a, b) || (a.Count == b.Count && a.All(x => b.TryGetValue(x.Key, out byte value) && value == x.Value));
    }
}
