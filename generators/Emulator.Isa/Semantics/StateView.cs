using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>A view of an array of registers: each element is a whole number of bytes of some element's storage.</summary>
/// <param name="Array">The registers.</param>
/// <param name="Width">Width of an element in bits: 8, 16, 32, 64 or 128.</param>
/// <param name="Elements">For each index, the register and the bit it starts at.</param>
/// <param name="Names">Register names in assembly text, one per element.</param>
/// <param name="Id">Position among all views, from 0.</param>
public sealed record StateView(StateAtom Array, int Width, ImmutableArray<(int Register, int LowBit)> Elements, ImmutableArray<string> Names, int Id);
