using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Semantics;
using Emulator.Runtime;

namespace Emulator.Replay.Check;

/// <summary>An encoding of a form, decoded once.</summary>
/// <param name="Instruction">What it is.</param>
/// <param name="Op">The decoded operation.</param>
/// <param name="Context">Values of what decoding read, which executions must find.</param>
internal sealed record Encoding(DecodedInstruction Instruction, DecodedOp Op, IReadOnlyList<(StatePlace Place, ulong Value)> Context);
