using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;

namespace Emulator.Replay.Check;

/// <summary>Values of what the conditions of a profile look at, at random, such that the conditions hold.</summary>
internal sealed class ProfileSampler
{
    private const int Wanted = 64;
    private const int Tries = 60_000;

    private readonly IrInterpreter _interpreter;

    public ProfileSampler(IsaModel model, IrInterpreter interpreter, ProfileModel profile, RandomSource random)
    {
        _interpreter = interpreter;
        var state = new ConcreteState(model);
        var constants = profile.Hold.Select(HeldConstant.Of).OfType<HeldConstant>().GroupBy(c => c.Atom).ToDictionary(g => g.Key, g => g.First().Value);
        for (var i = 0; i < Tries && (Guest.Count < Wanted || Monitor.Count < Wanted); i++)
        {
            foreach (var (atom, element) in Elements)
            {
                state[atom, element] = constants.TryGetValue(atom, out var constant) ? constant : random.Value(Math.Min(atom.Width, 64));
            }

            if (!Hold(profile.Hold, state))
            {
                continue;
            }

            if (Guest.Count < Wanted && Hold(profile.Guest, state))
            {
                Guest.Add(Values(state));
            }

            if (Monitor.Count < Wanted && Hold(profile.Monitor, state))
            {
                Monitor.Add(Values(state));
            }
        }

        // An element met late is as after a reset in the samples taken before.
        foreach (var values in Guest.Concat(Monitor))
        {
            foreach (var element in Elements)
            {
                values.TryAdd(element, element.Atom.Reset);
            }
        }
    }

    /// <summary>The elements of states that the conditions look at.</summary>
    public HashSet<(StateAtom Atom, int Element)> Elements { get; } = [];

    public List<Dictionary<(StateAtom Atom, int Element), BigInteger>> Guest { get; } = [];

    public List<Dictionary<(StateAtom Atom, int Element), BigInteger>> Monitor { get; } = [];

    private bool Hold(IEnumerable<IrFunction> conditions, ConcreteState state)
    {
        var all = true;
        foreach (var condition in conditions)
        {
            all &= _interpreter.Holds(condition, state);
            Elements.UnionWith(_interpreter.AtomsTouched.Where(a => a.Atom.Derived is null));
        }

        return all;
    }

    private Dictionary<(StateAtom Atom, int Element), BigInteger> Values(ConcreteState state) => Elements.ToDictionary(e => e, e => state[e.Atom, e.Element]);
}
