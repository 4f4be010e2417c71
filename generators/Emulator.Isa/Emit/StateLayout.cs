using System.Collections.Immutable;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>Where every state stands in the generated structure: constant byte offsets, the same in generated decoders, handlers and translators.</summary>
public sealed class StateLayout
{
    /// <summary>Bytes kept for <c>CpuHeader</c>.</summary>
    public const int HeaderSize = 128;

    private readonly Dictionary<StateAtom, int> atoms = new();
    private readonly Dictionary<MemorySpec, int> tables = new();
    private readonly Dictionary<DeferredGroup, (int Start, int Arguments, int Size)> groups = new();
    private readonly Dictionary<object, int> saved = new();
    private readonly List<(object Key, int Offset)> savedOrder = new();
    private int end;

    public StateLayout(IsaModel model)
    {
        end = HeaderSize;
        NoneOffset = Take(16, 16);
        foreach (MemorySpec memory in model.Memories.Where(m => !m.IsBus)) tables.Add(memory, Take(32, 8));
        StateStart = end;
        var arrays = new HashSet<StateAtom>(model.Views.Select(v => v.Array));
        // Registers that decoded operations address come first: their offsets are 16 bits.
        foreach (StateAtom atom in model.Atoms.Where(arrays.Contains)) Place(atom);
        foreach (StateAtom atom in model.Atoms.Where(a => a.IsPc)) Place(atom);
        foreach (DeferredGroup group in model.Groups)
        {
            int argument = ArgumentSize(group);
            end = Align(end, 8);
            int start = end;
            int arguments = Take(argument * Math.Max(group.MaxArguments, 1), argument);
            Take(1, 1);
            foreach (StateAtom field in group.Fields) Place(field);
            groups.Add(group, (start, arguments, end - start));
        }
        foreach (StateAtom atom in model.Atoms.Where(a => !a.IsArray)) Place(atom);
        foreach (StateAtom atom in model.Atoms) Place(atom);
        MainSize = end;
        int results = model.Functions.Concat(model.Externs.Where(e => !e.Extern!.IsPure)).Select(f => f.Results.Length).DefaultIfEmpty(0).Max();
        ResultsOffset = Take(16 * Math.Max(results - 1, 1), 16);
        ResultCount = Math.Max(results - 1, 0);
    }

    /// <summary>Sixteen bytes that are always zero: what a reference of <c>none</c> denotes.</summary>
    public int NoneOffset { get; }

    /// <summary>Where the spec's own states begin; they go on to <see cref="MainSize"/>.</summary>
    public int StateStart { get; }

    /// <summary>Where functions with several results leave the second and later ones, sixteen bytes each.</summary>
    public int ResultsOffset { get; }

    public int ResultCount { get; }

    /// <summary>Size without the copies that roll-back keeps.</summary>
    public int MainSize { get; }

    /// <summary>Size of the whole structure.</summary>
    public int Size => Align(end, 64);

    /// <summary>Areas where roll-back keeps copies, with what they are copies of.</summary>
    public IReadOnlyList<(object Key, int Offset)> Saved => savedOrder;

    public int Offset(StateAtom atom) => atoms[atom];

    /// <summary>Byte offset of an element of a view: what a decoded register reference holds.</summary>
    public int Offset(StateView view, int index)
    {
        (int register, int lowBit) = view.Elements[index];
        return atoms[view.Array] + register * ElementSize(view.Array) + lowBit / 8;
    }

    public static int ElementSize(StateAtom atom) => CSharpNames.StorageSize(atom.Width);

    public static int Bytes(StateAtom atom) => ElementSize(atom) * Math.Max(atom.Count, 1);

    public int TableOffset(MemorySpec memory) => tables[memory];

    public int GroupStart(DeferredGroup group) => groups[group].Start;

    public int GroupSize(DeferredGroup group) => groups[group].Size;

    public int ArgumentsOffset(DeferredGroup group) => groups[group].Arguments;

    public int FunctionOffset(DeferredGroup group) => groups[group].Arguments + ArgumentSize(group) * Math.Max(group.MaxArguments, 1);

    public static int ArgumentSize(DeferredGroup group) => CSharpNames.Container(group.MaxArgumentWidth) / 8;

    /// <summary>Offset and size of what a roll-back copies for an atom, or for the whole of its group.</summary>
    public (int Offset, int Size) Source(object key) => key switch
    {
        DeferredGroup group => (GroupStart(group), GroupSize(group)),
        StateAtom atom => (Offset(atom), Bytes(atom)),
        _ => throw new ArgumentException("only states are saved", nameof(key)),
    };

    /// <summary>Where the copy of an atom or group is kept; assigned on first use.</summary>
    public int SavedOffset(object key)
    {
        if (saved.TryGetValue(key, out int offset)) return offset;
        offset = Take(Source(key).Size, 16);
        saved.Add(key, offset);
        savedOrder.Add((key, offset));
        return offset;
    }

    private void Place(StateAtom atom)
    {
        if (!atoms.ContainsKey(atom)) atoms.Add(atom, Take(Bytes(atom), ElementSize(atom)));
    }

    private int Take(int size, int alignment)
    {
        int offset = Align(end, alignment);
        end = offset + size;
        return offset;
    }

    private static int Align(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
