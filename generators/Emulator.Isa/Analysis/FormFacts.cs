using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// What one form may do, over all its variants, under the names the spec uses: registers reached through decode-time references count as the arrays they may
/// denote, and reads for the address of an operand are reads.
/// </summary>
public sealed class FormFacts
{
    private FormFacts()
    {
    }

    public SortedSet<string> Reads { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Writes { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Traps { get; } = new(StringComparer.Ordinal);

    /// <summary>Flags whose old value matters: passing one on unchanged does not count.</summary>
    public SortedSet<string> FlagsConsumed { get; } = new(StringComparer.Ordinal);

    /// <summary>Flags that may get a new value.</summary>
    public SortedSet<string> FlagsProduced { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the <c>undefined</c> declarations that decide something.</summary>
    public SortedSet<string> Undefined { get; } = new(StringComparer.Ordinal);

    public bool EndsBlock { get; private set; }

    public bool AlwaysJumps { get; private set; } = true;

    /// <summary>Derives the facts of every form; <see cref="EffectAnalysis"/> has run.</summary>
    public static IReadOnlyList<FormFacts> Of(SpecFacts facts)
    {
        ReachedNames reach = facts.Drafts.Names(facts);
        var flags = Flags(facts.Model);
        return facts.Model.Decode.Forms.Select(form => facts.Drafts.Form(form, f => Of(f, facts, reach, flags))).ToList();
    }

    /// <summary>One-bit fields of scalar states that user code has for itself: without a resource role, or beside fields of a deferred group.</summary>
    public static HashSet<StateAtom> Flags(IsaModel model)
    {
        var arithmetic = new HashSet<WholeState?>(model.Groups.SelectMany(g => g.Fields).Select(f => f.Whole).Where(w => w is not null));
        return new HashSet<StateAtom>(model.Atoms.Where(a => a is { Width: 1, Whole: not null, IsArray: false } && (arithmetic.Count == 0 ? a.Role is null : arithmetic.Contains(a.Whole))));
    }

    private static FormFacts Of(FormModel form, SpecFacts facts, ReachedNames reach, HashSet<StateAtom> flags)
    {
        var result = new FormFacts();
        var variants = form.Cases.SelectMany(c => c.Variants).ToList();
        var (reads, writes, loads, stores, traps) = (new HashSet<StateAtom>(), new HashSet<StateAtom>(), new HashSet<MemorySpec>(), new HashSet<MemorySpec>(), new HashSet<TrapSpec>());
        foreach (VariantModel variant in variants)
        {
            Effects effects = facts.EffectsOf(variant.Body);
            reads.UnionWith(effects.Reads);
            writes.UnionWith(effects.Writes);
            loads.UnionWith(effects.Loads);
            stores.UnionWith(effects.Stores);
            traps.UnionWith(effects.Traps);
            result.EndsBlock |= facts.EndsBlock(variant);
            result.AlwaysJumps &= facts.AlwaysJumps(variant);
        }
        IReadOnlyList<IrFunction> reached = reach.Reached(variants.Select(v => v.Body));
        FlagUse use = reach.FlagUse(reached);
        Add(result.Reads, reads.Select(a => a.Name).Concat(loads.Select(m => m.Name)).Concat(Names(reach.RefsRead(reached), form, facts)));
        Add(result.Writes, writes.Select(a => a.Name).Concat(stores.Select(m => m.Name)).Concat(Names(reach.RefsWritten(reached), form, facts)));
        Add(result.Traps, traps.Select(t => t.Name));
        Add(result.Undefined, ReachedNames.Undefined(reached));
        Add(result.FlagsConsumed, use.Consumed.Where(flags.Contains).Select(a => a.Name));
        Add(result.FlagsProduced, use.Produced.Where(flags.Contains).Select(a => a.Name));
        result.AlwaysJumps &= variants.Count > 0;
        return result;
    }

    /// <summary>The arrays that references may denote in a form: an operand of it those of its own alternatives, though other forms have others there.</summary>
    private static IEnumerable<string> Names(IEnumerable<DecodeVariable> references, FormModel form, SpecFacts facts)
    {
        var own = form.Cases.SelectMany(c => c.Operands).SelectMany(o => o.Alternatives).Where(a => a.Slot is not null && a.DecodeValue is not null).ToLookup(a => a.Slot!, a => a.DecodeValue!);
        return references.SelectMany(r => own.Contains(r) ? own[r].SelectMany(SpecFacts.Denoted) : facts.Targets(r)).Select(a => a.Name);
    }

    private static void Add(SortedSet<string> names, IEnumerable<string> more)
    {
        foreach (string name in more) names.Add(name);
    }
}
