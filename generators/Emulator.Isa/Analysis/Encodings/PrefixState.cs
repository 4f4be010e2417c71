using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Encodings;

/// <summary>What stands when the opcode begins: the mode it began in, the prefixes that lead here, and the values of the variables that forms ask for.</summary>
/// <param name="Mode">Initial values of the axes that come from the state.</param>
/// <param name="Prefixes">The shortest sequence of prefixes that gives these values.</param>
/// <param name="Values">Value of each variable; null: not known.</param>
/// <param name="Seen">Prefix bytes met that forms ask for by beginning with them.</param>
internal sealed record PrefixState(IReadOnlyDictionary<DecodeVariable, BigInteger> Mode, IReadOnlyList<byte> Prefixes, IReadOnlyDictionary<DecodeVariable, BigInteger?> Values, IReadOnlyCollection<byte> Seen);
