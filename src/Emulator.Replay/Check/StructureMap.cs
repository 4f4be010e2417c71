using System.Runtime.Intrinsics;
using Emulator.Isa.Semantics;
using Emulator.Runtime;

namespace Emulator.Replay.Check;

/// <summary>Where every element of every state stands in the state structure, and which of its bits are user state and which resources.</summary>
internal sealed unsafe class StructureMap
{
    private readonly Dictionary<(StateAtom Atom, int Element), StatePlace> _places = [];
    private readonly IReadOnlySet<StateAtom> _own;
    private readonly byte[] _user;
    private readonly byte[] _resources;
    private readonly byte[] _lasting;

    /// <param name="own">States that are no resources under the profile.</param>
    public StructureMap(IsaModel model, IsaMetadata metadata, int size, IReadOnlySet<StateAtom> own)
    {
        (Size, _own) = (size, own);
        (_user, _resources, _lasting) = (new byte[size], new byte[size], new byte[size]);
        var states = metadata.States.ToDictionary(s => s.Name);
        foreach (var group in model.Atoms.GroupBy(a => a.Name.Split('.')[0]))
        {
            // Metadata lists the parts of a state in the order of the model.
            var parts = states[group.Key].Atoms;
            var part = 0;
            foreach (var atom in group)
            {
                var info = parts[part++];
                for (var i = 0; i < Math.Max(1, atom.Count); i++)
                {
                    if (atom.Derived is null && i != atom.HardWiredZero)
                    {
                        Add(new StatePlace(atom, i, info.Offset + i * info.Stride, info.Size));
                    }
                }
            }
        }
    }

    /// <summary>Bytes of the structure, a multiple of 64.</summary>
    public int Size { get; }

    /// <summary>Every element that is not derived.</summary>
    public List<StatePlace> All { get; } = [];

    public StatePlace this[StateAtom atom, int element] => _places[(atom, element)];

    /// <summary>Whether a state is a resource under the profile.</summary>
    public bool IsResource(StateAtom atom) => atom.Role is not null && !_own.Contains(atom);

    public bool TryFind(StateAtom atom, int element, out StatePlace place) => _places.TryGetValue((atom, element), out place);

    /// <summary>Whether two structures have the same user state.</summary>
    public bool SameUserState(byte* a, byte* b) => Same(a, b, _user);

    /// <summary>Whether two structures have the same resources.</summary>
    public bool SameResources(byte* a, byte* b) => Same(a, b, _resources);

    /// <summary>Whether two structures have the same of those resources that a trap does not put back.</summary>
    public bool SameLasting(byte* a, byte* b) => Same(a, b, _lasting);

    private void Add(StatePlace place)
    {
        All.Add(place);
        _places.Add((place.Atom, place.Element), place);
        var mask = !IsResource(place.Atom) ? _user : _resources;
        mask.AsSpan(place.Offset, place.Size).Fill(0xFF);
        if (place.Atom.Keep && IsResource(place.Atom))
        {
            _lasting.AsSpan(place.Offset, place.Size).Fill(0xFF);
        }
    }

    private bool Same(byte* a, byte* b, byte[] mask)
    {
        fixed (byte* m = mask)
        {
            var differing = Vector256<byte>.Zero;
            for (var i = 0; i < Size; i += 32)
            {
                differing |= (Vector256.Load(a + i) ^ Vector256.Load(b + i)) & Vector256.Load(m + i);
            }

            return differing == Vector256<byte>.Zero;
        }
    }
}
