using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <content>Binding again where only bodies of instructions and functions changed.</content>
public sealed partial class Binder
{
    private readonly object revising = new();
    private readonly Dictionary<string, FunctionInstance> bound = new(StringComparer.Ordinal);

    /// <summary>Functions that call themselves, or may: how they are bound depends on which of them is bound first.</summary>
    private readonly HashSet<IrFunction> recursive = new();

    /// <summary>Functions that decoding computes with.</summary>
    private readonly HashSet<IrFunction> decoding = new();

    /// <summary>What everything but instructions and functions asks for.</summary>
    private readonly Requests others = new(0);

    private Bindings bindings = new();
    private Requests? asked;

    /// <summary>Whether an attempt to revise has left functions behind that no model has.</summary>
    private bool spent;

    /// <summary>What binding the present model found out.</summary>
    internal Bindings Bindings => bindings;

    /// <summary>Functions that decoding computes with, what they call not included.</summary>
    internal IReadOnlyCollection<IrFunction> Decoding => decoding;

    /// <summary>Name of the declaration a function comes from; null for other code.</summary>
    internal string? DeclarationOf(IrFunction function) => bound.TryGetValue(function.Name, out var instance) ? instance.Declaration : null;

    /// <summary>
    /// A model of this binder with other bodies for some instructions and functions; everything else is shared with it. Null where binding everything anew could give more
    /// than that: a finding, another set or order of functions, other axes or variants. The result is what binding anew gives, but for the places of what was not changed.
    /// </summary>
    /// <param name="former">A model of this binder, from <see cref="Of"/> or from here.</param>
    /// <param name="found">What binding it found out.</param>
    /// <param name="edits">What changed; all else has the same tokens as before.</param>
    /// <param name="isFixed">Whether declarations and decoding depend on a function: then it cannot be bound again by itself.</param>
    internal RevisedModel? Revise(IsaModel former, Bindings found, BodyEdits edits, Func<IrFunction, bool> isFixed, CancellationToken token)
    {
        lock (revising)
        {
            if (spent) return null;
            (diagnostics, cancellation, model, bindings) = (new DiagnosticBag(), token, former.Copy(), found.Copy());
            int functionCount = model.Functions.Count;
            int[] assigned = model.Groups.Select(g => g.Functions.Count).ToArray();
            var changed = new Dictionary<string, (Decl.Instruction Declaration, string Chapter)>(StringComparer.Ordinal);
            foreach (var (declaration, file) in edits.Instructions) changed[declaration.Name] = bindings.Instructions[declaration.Name] = (declaration, ChapterOf(file));
            foreach (var function in edits.Functions) bindings.Functions[function.Name] = function;
            try
            {
                var again = BindAgain(edits, isFixed, changed);
                bool same = again is not null && changed.Values.All(c => Replace(c.Declaration, c.Chapter)) && diagnostics.Count == 0;
                return same && model.Functions.Count == functionCount && model.Groups.Select(g => g.Functions.Count).SequenceEqual(assigned)
                    ? new RevisedModel(model, bindings, again!.ToImmutableArray()) : null;
            }
            finally
            {
                (asked, siblings) = (null, default);
                inProgress.Clear();
                spent |= model.Functions.Count != functionCount;
                for (int i = 0; i < assigned.Length; i++)
                {
                    var group = model.Groups[i].Functions;
                    if (group.Count == assigned[i]) continue;
                    group.RemoveRange(assigned[i], group.Count - assigned[i]);
                    spent = true;
                }
            }
        }
    }

    /// <summary>
    /// Binds the changed functions again, and those that call a function that is pure no longer, or has become so: a call of it is bound otherwise. Adds the
    /// instructions that call such a function. Null where that does not do.
    /// </summary>
    private List<IrFunction>? BindAgain(BodyEdits edits, Func<IrFunction, bool> isFixed, Dictionary<string, (Decl.Instruction, string)> instructions)
    {
        var again = new List<IrFunction>();
        if (edits.Functions.Count == 0) return again;
        var names = new HashSet<string>(edits.Functions.Select(f => f.Name), StringComparer.Ordinal);
        var turned = new List<string>();
        foreach (var function in model.Functions.ToList())
        {
            var instance = bound[function.Name];
            bool changed = instance.Declaration is not null && names.Contains(instance.Declaration);
            if (!changed && !turned.Any(bindings.OfFunctions[function].Contains)) continue;
            if (instance.Declaration is null || recursive.Contains(function) || isFixed(function)) return null;
            bool pure = !bindings.Impure.Contains(function);
            if (!BindAgain(instance)) return null;
            again.Add(function);
            if (pure == bindings.Impure.Contains(function)) turned.Add(function.Name);
        }
        if (turned.Any(others.Contains)) return null;
        foreach (var instruction in bindings.OfInstructions.Where(i => turned.Any(i.Value.Contains))) instructions[instruction.Key] = bindings.Instructions[instruction.Key];
        return again;
    }

    /// <summary>Binds the body of a function as it is declared now; whether it asks for the same functions.</summary>
    private bool BindAgain(FunctionInstance instance)
    {
        cancellation.ThrowIfCancellationRequested();
        var function = instance.Function;
        var declaration = bindings.Functions[instance.Declaration!];
        var scope = new Scope { Results = function.Results };
        foreach (var width in instance.Widths) scope.Widths[width.Key] = width.Value;
        for (int i = 0; i < function.Parameters.Length; i++)
        {
            // Callers know the parameters, so they stay; their names are taken.
            string name = declaration.Parameters[i].Name;
            scope.Fresh(name, function.Parameters[i].Width);
            scope.Declare(name, new Scope.Symbol(function.Parameters[i], null, false));
        }
        var former = bindings.OfFunctions[function];
        bindings.Impure.Remove(function);
        var body = BindCode(function, declaration.Body, scope, former.Start, out var requests);
        model.Revise(function, body);
        bindings.OfFunctions[function] = requests;
        return !recursive.Contains(function) && former.SameAs(requests, BoundBefore) && bindings.Recount(former, requests);
    }

    private bool BoundBefore(string name, int count) => bound.TryGetValue(name, out var instance) && instance.Index < count;

    /// <summary>Binds an instruction in the place of its predecessor; whether it has the same forms, cases and variants and asks for the same functions.</summary>
    private bool Replace(Decl.Instruction declaration, string chapter)
    {
        int index = model.Instructions.FindIndex(i => i.Name == declaration.Name);
        // None of its forms exists in this instance.
        if (index < 0) return true;
        var old = model.Instructions[index];
        if (old.Forms.Count == 0 || old.Forms.Any(f => f.Cases.Count == 0 || f.Cases.Any(c => c.Variants.Count == 0))) return false;
        int form = old.Forms[0].Index, variant = old.Forms[0].Cases[0].Variants[0].Index;
        var forms = CutAfter(model.Decode.Forms, form, old.Forms.Count);
        var variants = CutAfter(model.Variants, variant, old.Forms.Sum(f => f.Cases.Sum(c => c.Variants.Count)));
        var former = bindings.OfInstructions[declaration.Name];
        asked = new(former.Start);
        var instruction = BindInstruction(declaration, chapter);
        bool same = former.SameAs(asked, BoundBefore) && bindings.Recount(former, asked) && SameShape(old, instruction);
        bindings.OfInstructions[declaration.Name] = asked;
        asked = null;
        model.Decode.Forms.AddRange(forms);
        model.Variants.AddRange(variants);
        model.Instructions[index] = instruction;
        return same;
    }

    /// <summary>Removes everything from an index on; gives what stood after the first <paramref name="count"/> of it.</summary>
    private static List<T> CutAfter<T>(List<T> list, int first, int count)
    {
        var rest = list.GetRange(first + count, list.Count - first - count);
        list.RemoveRange(first, list.Count - first);
        return rest;
    }

    private static bool SameShape(InstructionModel a, InstructionModel b) =>
        a.Forms.Count == b.Forms.Count && a.Forms.Zip(b.Forms, (f, g) => f.Axes.SequenceEqual(g.Axes) && f.Cases.Select(c => c.Variants.Count).SequenceEqual(g.Cases.Select(c => c.Variants.Count))).All(s => s);

    /// <summary>A function that is being bound already is called: all that were begun since then call each other in a circle.</summary>
    private void NoteRecursion(IrFunction called)
    {
        int first = inProgress.IndexOf(called);
        if (first >= 0) recursive.UnionWith(inProgress.Skip(first));
    }

    private void Ask(string request) => (asked ?? others).Add(request);
}
