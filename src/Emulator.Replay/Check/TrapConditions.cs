using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;
using Path = Emulator.Isa.Analysis.PopekGoldberg.Path;

namespace Emulator.Replay.Check;

/// <summary>The conditions under which a form is derived to trap, to be compared with what it does.</summary>
internal sealed class TrapConditions
{
    /// <summary>Exits beyond which the conditions of a body are not looked at: it would take too long.</summary>
    private const int MostExits = 64;

    /// <summary>Traps that may come from the relocation map after all, each looked at with the interpreter.</summary>
    private const int MostLooks = 100;

    private readonly FlowFacts _flow;
    private readonly ProfileModel _profile;
    private readonly IrInterpreter _interpreter;
    private readonly Dictionary<string, ProfileStates> _states;
    private readonly Dictionary<IrFunction, (ProfileStates States, Dictionary<string, SymbolicRun> Runs)> _bodies = [];
    private readonly TermFactory _terms = new();
    private TermEvaluator? _evaluator;
    private int _looks;

    public TrapConditions(FlowFacts flow, FormVerdict verdict, ProfileModel profile, IrInterpreter interpreter, Dictionary<string, ProfileStates> states)
    {
        (_flow, _profile, _interpreter, _states) = (flow, profile, interpreter, states);
        Followed = verdict.Followed;
    }

    /// <summary>Executions of which the conditions told whether they trap.</summary>
    public long Decided { get; private set; }

    private bool Followed { get; }

    /// <summary>What is wrong with an execution, if anything.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="read">Values at the start.</param>
    /// <param name="trap">Identity of the trap it ended in plus one; 0 when it completed.</param>
    /// <param name="explain">Looks closely at a trap that none of the conditions announces: what is wrong with it, or null when it comes from the relocation map.</param>
    public string? Contradiction(DecodedInstruction instruction, Func<StatePlace, UInt128> read, StructureMap map, uint trap, Func<string?> explain)
    {
        if (!Followed || Run(instruction.Variant.Body, read, map) is not { Abandoned: false } run || run.Exits.Count > MostExits)
        {
            return null;
        }

        _evaluator ??= new TermEvaluator(_interpreter, map);
        _evaluator.Begin(instruction, read);
        bool? traps = run.Completes ? false : true;
        for (var i = 0; i < run.Exits.Count && traps != true; i++)
        {
            var taken = _evaluator.All(Path.Literals(run.Exits[i].Path, run.Assumed));
            traps = taken == true ? true : taken is null ? null : traps;
        }

        if (traps is not { } expected)
        {
            return null;
        }

        Decided++;
        if (expected && trap == 0)
        {
            return "completes in a state for which a trap is derived";
        }

        return expected || trap == 0 || _flow.Model.Traps[(int)trap - 1].Kind == "memory" || ++_looks > MostLooks ? null : explain();
    }

    private SymbolicRun? Run(IrFunction body, Func<StatePlace, UInt128> read, StructureMap map)
    {
        if (!_bodies.TryGetValue(body, out var known))
        {
            known = (ProfileStates.Of(_profile, _flow, _flow.Of(body), _states), new Dictionary<string, SymbolicRun>(StringComparer.Ordinal));
            _bodies.Add(body, known);
        }

        var state = known.States.States.FirstOrDefault(s => s.Values.All(v => (BigInteger)read(map[v.Key, 0]) == v.Value));
        if (state is null)
        {
            return null;
        }

        if (!known.Runs.TryGetValue(state.Key, out var run))
        {
            known.Runs.Add(state.Key, run = SymbolicExecutor.Run(body, _flow, _terms, state.Values, known.States.Assumptions, known.States.OwnMemories));
        }

        return run;
    }
}
