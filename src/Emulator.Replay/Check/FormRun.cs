using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;

namespace Emulator.Replay.Check;

/// <summary>A form under test: what may be varied, and what was found so far.</summary>
internal sealed class FormRun
{
    private readonly StructureMap _map;
    private readonly List<StatePlace> _resources;
    private readonly HashSet<StatePlace> _excluded = [];

    /// <param name="verdict">What is derived.</param>
    /// <param name="encodings">Encodings of the form.</param>
    /// <param name="map">Every element of every state.</param>
    /// <param name="facts">What is known of the model.</param>
    /// <param name="kept">Elements whose values the profile or the encoding decides.</param>
    public FormRun(FormVerdict verdict, IReadOnlyList<Encoding> encodings, StructureMap map, SpecFacts facts, Func<StatePlace, bool> kept)
    {
        (Verdict, Encodings) = (verdict, encodings);
        var relevant = new HashSet<StateAtom>();
        foreach (var effects in encodings.Select(e => e.Instruction.Variant.Body).Distinct().Select(facts.EffectsOf))
        {
            foreach (var atom in effects.Reads.Concat(effects.Writes))
            {
                Include(atom, facts, relevant);
            }
        }

        var varied = map.All.Where(p => relevant.Contains(p.Atom) && !p.Atom.IsPc && !kept(p)).ToList();
        User = [.. varied.Where(p => p.Atom.Role is null)];
        _resources = [.. varied.Where(p => p.Atom.Role is not null)];
        _map = map;
        Varying = [.. _resources.Where(r => map.IsResource(r.Atom))];
    }

    public FormVerdict Verdict { get; }

    public IReadOnlyList<Encoding> Encodings { get; }

    /// <summary>User state the form reads or writes.</summary>
    public StatePlace[] User { get; }

    /// <summary>Resources it reads or writes, other than those the profile decides; also those that are the guest's own.</summary>
    public IReadOnlyList<StatePlace> Resources => _resources;

    /// <summary>Those that may differ between the two states of a case.</summary>
    public StatePlace[] Varying { get; private set; }

    public List<Sample> Samples { get; } = [];

    public RunCounts Guest { get; set; }

    public RunCounts Reference { get; set; }

    public bool Found { get; set; }

    public int Excused { get; set; }

    public long ConditionsDecided { get; set; }

    public string? Failure { get; set; }

    public Witness? Witness { get; set; }

    /// <summary>Buses whose contents may differ between the two states.</summary>
    public HashSet<FoldedBus> DifferingBuses { get; } = [];

    /// <summary>From now on the states agree in an element: the map reads it.</summary>
    public bool Exclude(StateAtom atom, int element)
    {
        var excluded = _resources.Where(r => r.Atom == atom && r.Element == element).Count(_excluded.Add);
        Varying = [.. _resources.Where(r => _map.IsResource(r.Atom) && !_excluded.Contains(r))];
        return excluded > 0;
    }

    /// <summary>The result.</summary>
    public FormCheck ToCheck() => new(Verdict)
    {
        Guest = Guest,
        Reference = Reference,
        DifferenceFound = Found,
        Excused = Excused,
        ConditionsDecided = ConditionsDecided,
        Failure = Failure,
        Witness = Witness,
    };

    /// <summary>A derived state stands for what it is computed from.</summary>
    private static void Include(StateAtom atom, SpecFacts facts, HashSet<StateAtom> into)
    {
        if (!into.Add(atom) || atom.Derived is not { } derived)
        {
            return;
        }

        foreach (var source in facts.EffectsOf(derived).Reads)
        {
            Include(source, facts, into);
        }
    }
}
