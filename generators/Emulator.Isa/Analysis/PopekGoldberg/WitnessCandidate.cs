using Emulator.Isa.Analysis.Interpretation;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Two states and an instruction that may become a witness.</summary>
internal sealed record WitnessCandidate(DecodedInstruction Instruction, ConcreteState Reference, ConcreteState Guest)
{
    public WitnessCandidate Copy() => new(Instruction, Reference.Clone(), Guest.Clone());
}
