using System.Collections.Immutable;
using System.Globalization;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Encodings;

/// <summary>
/// What the encodings of an instruction set say together: forms that match the same bytes without one being declared <c>over</c> the other, forms nothing can
/// reach, an <c>over</c> that decides nothing. Sets of inputs are compared symbolically; nothing is enumerated.
/// </summary>
public sealed class EncodingAnalysis
{
    private readonly DecodeModel decode;
    private readonly IsaModel model;
    private readonly FormSets sets;
    private readonly CancellationToken cancellation;

    private EncodingAnalysis(IsaModel model, CancellationToken cancellation)
    {
        this.model = model;
        this.cancellation = cancellation;
        decode = model.Decode;
        sets = new FormSets(model, cancellation);
    }

    /// <summary>Reports ISA2010 to ISA2013 about a model that was bound without errors.</summary>
    public static void Run(IsaModel model, DiagnosticBag diagnostics, CancellationToken cancellation = default)
    {
        ReportLengths(model, diagnostics);
        if (model.Decode.Forms.Count > 0) new EncodingAnalysis(model, cancellation).Run(diagnostics);
    }

    /// <summary>What no form matches, in the order of the bytes.</summary>
    /// <param name="model">A model that was bound without errors.</param>
    /// <param name="most">How many to find at most.</param>
    public static ImmutableArray<EncodingHole> Holes(IsaModel model, int most, CancellationToken cancellation = default)
    {
        var analysis = new EncodingAnalysis(model, cancellation);
        int rest = analysis.sets.Universe;
        foreach (FormModel form in model.Decode.Forms) rest = analysis.sets.Bdd.And(rest, analysis.sets.Bdd.Not(analysis.sets[form]));
        return new HoleFinder(analysis.sets, model.Decode, most, cancellation).Find(rest);
    }

    private void Run(DiagnosticBag diagnostics)
    {
        var over = new Dictionary<FormModel, List<FormModel>>();
        var deciding = new HashSet<(FormModel, string)>();
        for (int x = 0; x < decode.Forms.Count; x++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int y = 0; y < x; y++)
            {
                FormModel later = decode.Forms[x], earlier = decode.Forms[y];
                if (!sets.MayMeet(earlier, later)) continue;
                int both = sets.Bdd.And(sets[earlier], sets[later]);
                if (both == Bdd.False) continue;
                bool laterWins = IsOver(later, earlier), earlierWins = IsOver(earlier, later);
                if (FormOrder.IsOver(later, earlier)) deciding.Add((later, earlier.Instruction.Name));
                if (FormOrder.IsOver(earlier, later)) deciding.Add((earlier, later.Instruction.Name));
                if (laterWins == earlierWins) diagnostics.Add(Overlap(earlier, later, both));
                if (laterWins && !earlierWins) Add(over, earlier, later);
                if (earlierWins && !laterWins) Add(over, later, earlier);
            }
        }
        foreach (FormModel form in decode.Forms) ReportForm(form, over, deciding, diagnostics);
    }

    /// <summary>A shorter word is tried before a longer one: the longer cannot be over it.</summary>
    private static bool IsOver(FormModel form, FormModel other) => FormOrder.IsOver(form, other) && form.WordBits <= other.WordBits;

    private static void Add(Dictionary<FormModel, List<FormModel>> lists, FormModel key, FormModel value)
    {
        if (!lists.TryGetValue(key, out List<FormModel>? list)) lists.Add(key, list = new List<FormModel>());
        list.Add(value);
    }

    private IsaDiagnostic Overlap(FormModel earlier, FormModel later, int both)
    {
        string bytes = Describe(both, Math.Max(sets.Bytes(earlier), sets.Bytes(later)));
        string advice = FormOrder.IsOver(later, earlier) && FormOrder.IsOver(earlier, later) ? "each says it is over the other"
            : earlier.WordBits != later.WordBits ? $"the shorter word is tried first; say 'over {(earlier.WordBits > later.WordBits ? earlier : later).Instruction.Name}' there if that is meant"
            : $"if one is meant to win, say 'over {earlier.Instruction.Name}' on it, or 'over {later.Instruction.Name}' on the other";
        return EncodingDiagnostics.Overlap.At(later.Span, $"{bytes} is both {Name(earlier)} and {Name(later)}; {advice}") with
        {
            Related = ImmutableArray.Create((earlier.Span, $"{Name(earlier)} is here")),
        };
    }

    private void ReportForm(FormModel form, Dictionary<FormModel, List<FormModel>> over, HashSet<(FormModel, string)> deciding, DiagnosticBag diagnostics)
    {
        int left = sets[form];
        if (left == Bdd.False)
        {
            diagnostics.Add(EncodingDiagnostics.Unreachable, form.Span, decode.Words || !decode.Prefixes.ContainsKey(sets.Opcode(form)[0])
                ? $"{Name(form)} matches nothing: its conditions contradict each other"
                : $"{Name(form)} matches nothing: {sets.Opcode(form)[0]:X2} is a prefix");
            return;
        }
        if (over.TryGetValue(form, out List<FormModel>? winners))
        {
            foreach (FormModel winner in winners) left = sets.Bdd.And(left, sets.Bdd.Not(sets[winner]));
            if (left == Bdd.False)
            {
                diagnostics.Add(EncodingDiagnostics.Unreachable.At(form.Span, $"{Name(form)} never matches: {string.Join(", ", winners.Select(Name))} {(winners.Count == 1 ? "takes" : "take")} everything") with
                {
                    Related = winners.Select(w => (w.Span, $"{Name(w)} is over it")).ToImmutableArray(),
                });
            }
        }
        foreach (string name in form.Over.Where(n => !deciding.Contains((form, n))))
        {
            string known = model.Instructions.Exists(i => i.Name == name) ? "" : $": there is no such instruction{Suggestion.For(name, model.Instructions.Select(i => i.Name))}";
            diagnostics.Add(EncodingDiagnostics.UnusedOver, form.Span, $"{Name(form)} overlaps no form of '{name}'{known}");
        }
    }

    /// <summary>Concrete bytes from a set, prefixes included, and the mode they are decoded in where that matters.</summary>
    private string Describe(int set, int length)
    {
        (PrefixState state, byte[] bytes) = sets.Example(set, length);
        string text = decode.Words
            ? "0x" + string.Concat((decode.FetchMemory.BigEndian ? bytes : Enumerable.Reverse(bytes)).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)))
            : string.Join(" ", state.Prefixes.Concat(bytes).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));
        return state.Mode.Count == 0 ? text : $"{text} ({string.Join(", ", state.Mode.OrderBy(m => m.Key.Name, StringComparer.Ordinal).Select(m => $"{m.Key.Name} {m.Value}"))})";
    }

    private static string Name(FormModel form) => $"{form.Instruction.Name} '{form.Text}'";

    /// <summary>Procedures, and conditions of forms and operands, are evaluated before the last byte is taken.</summary>
    private static void ReportLengths(IsaModel model, DiagnosticBag diagnostics)
    {
        const string Message = "the length of the instruction is known only when all its bytes are taken; insn.next and insn.length may stand in the value of an operand, not here";
        foreach (IrStmt statement in model.Decode.Procedures.Values.Concat(model.Decode.Prefixes.Values).SelectMany(IrWalker.Statements))
        {
            if (IrWalker.Expressions(statement).Any(NeedsLength)) diagnostics.Add(EncodingDiagnostics.LengthUnknown, statement.Span, Message);
        }
        if (model.Decode.Words) return;
        foreach (FormModel form in model.Decode.Forms)
        {
            bool early = form.When is { } when && NeedsLength(when)
                || form.Cases.SelectMany(c => c.Operands).SelectMany(o => o.Alternatives).Any(a => a.When is { } w && NeedsLength(w));
            if (early) diagnostics.Add(EncodingDiagnostics.LengthUnknown, form.Span, Message);
        }
    }

    private static bool NeedsLength(IrExpr e) => IrTree.Any(e, x => x is IrExpr.Insn { Property: InsnProperty.Next or InsnProperty.Length });
}
