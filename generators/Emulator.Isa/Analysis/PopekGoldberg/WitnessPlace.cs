using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Something an execution looked at: an element of a state, or a byte of a bus.</summary>
/// <param name="MayDiffer">Whether the two states of a witness may differ in it: it belongs to a resource.</param>
internal sealed record WitnessPlace(StateAtom? Atom, int Index, MemorySpec? Bus, BigInteger Address, bool MayDiffer);
