using System.Collections.Immutable;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;
using Emulator.Runtime;

namespace Emulator.Replay.Check;

/// <summary>
/// Looks again at what looks like a difference, with the interpreter of the IR, which knows what an execution has looked at: the two states must agree in storage as seen through the
/// relocation map, and traps of the map do not count.
/// </summary>
internal sealed class DifferenceJudge<TIsa>(GeneratedMachine<TIsa> machine, IsaModel model, SpecFacts facts, ProfileModel profile)
    where TIsa : struct, IIsa
{
    private readonly IrInterpreter _interpreter = new(model, facts) { Profile = profile };
    private readonly WitnessCheck _check = new(model, new IrInterpreter(model, facts), oneMap: true);

    /// <summary>Whether a case is a witness.</summary>
    public bool IsDifference(WitnessCandidate candidate) => _check.Score(candidate, profile, Any(candidate)) == WitnessCheck.Shown;

    /// <summary>Elements in which the states must not differ: the map reads them. After <see cref="IsDifference"/>.</summary>
    public IEnumerable<(StateAtom Atom, int Index)> MapDifferences(WitnessCandidate candidate) => _check.MapDifferences(candidate);

    /// <summary>Whether the states of the last case agreed in storage.</summary>
    public bool SameStorage(WitnessCandidate candidate) => _check.ComparesSameStorage(candidate);

    /// <summary>What the interpreter makes of an instruction in a state.</summary>
    public ExecutionResult Execute(DecodedInstruction instruction, ConcreteState state) => _interpreter.Execute(instruction, state.Clone());

    /// <summary>Whether generated machine and interpreter leave the same; null where the instruction did not end within the interpreter's limits.</summary>
    public bool? Agree(WitnessCandidate candidate, FormModel form)
    {
        var expected = _check.Witness(candidate, form, profile);
        if (expected.GuestRun.Result.Exhausted || expected.ReferenceRun.Result.Exhausted)
        {
            return null;
        }

        return expected.Outcomes(model).SequenceEqual(machine.Replay(expected).Outcomes(model));
    }

    /// <summary>A difference made small, as a witness.</summary>
    public Witness Shrunk(WitnessCandidate candidate, FormModel form)
    {
        var any = Any(candidate);
        var small = _check.Score(candidate, profile, any) == WitnessCheck.Shown ? new WitnessShrinker(model, _check).Shrink(candidate, profile, any) : candidate;
        return machine.Replay(_check.Witness(small, form, profile));
    }

    /// <summary>A state in which the guest completes, made small, as a witness; both its states are that one.</summary>
    public Witness Completing(WitnessCandidate candidate, FormModel form)
    {
        var held = profile.Guest.Concat(profile.Hold).Concat(profile.Monitor).SelectMany(c =>
        {
            _interpreter.Holds(c, candidate.Guest);
            return _interpreter.AtomsTouched.Select(a => a.Atom);
        }).Where(a => !a.IsArray).Distinct().ToImmutableDictionary(a => a, a => candidate.Guest[a]);
        var completion = new Difference(DifferenceKind.GuestChangesResource, ResourceRoles.None, held, held, [], candidate.Instruction.Variant.Body, null) { Completion = true };
        var alone = new WitnessCandidate(candidate.Instruction, candidate.Guest.Clone(), candidate.Guest.Clone());
        var small = _check.Score(alone, profile, completion) == WitnessCheck.Shown ? new WitnessShrinker(model, _check).Shrink(alone, profile, completion) : alone;
        return machine.Replay(_check.Witness(small, form, profile));
    }

    /// <summary>What any difference may be: results, changed resources, a trap in one state only; devices may differ.</summary>
    private static Difference Any(WitnessCandidate candidate) => new(DifferenceKind.ResultShowsResource, ResourceRoles.All, ImmutableDictionary<StateAtom, System.Numerics.BigInteger>.Empty,
        ImmutableDictionary<StateAtom, System.Numerics.BigInteger>.Empty, [], candidate.Instruction.Variant.Body, null);
}
