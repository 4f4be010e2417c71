using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>An instruction as decoded from bytes.</summary>
/// <param name="Variant">What it is.</param>
/// <param name="Values">Values of its decode variables.</param>
/// <param name="References">Registers its references denote; null is <c>none</c>.</param>
/// <param name="Bytes">The bytes it was decoded from.</param>
/// <param name="Word">The word, for word encodings.</param>
/// <param name="Pc">Its address.</param>
public sealed record DecodedInstruction(VariantModel Variant, IReadOnlyDictionary<DecodeVariable, BigInteger> Values,
    IReadOnlyDictionary<DecodeVariable, (StateView View, int Index)?> References, ImmutableArray<byte> Bytes, BigInteger Word, BigInteger Pc)
{
    public int Length => Bytes.Length;
}
