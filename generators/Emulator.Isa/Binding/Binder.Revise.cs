using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <content>Binding again where only bodies of instructions changed.</content>
public sealed partial class Binder
{
    private readonly Dictionary<string, Requests> requests = new(StringComparer.Ordinal);
    private Requests? asked;

    /// <summary>Whether an attempt to revise has left functions behind that no model has.</summary>
    private bool spent;

    /// <summary>
    /// A model of this binder with other bodies for some instructions; everything else is shared with it. Null where binding everything anew could give more
    /// than that: a finding, another set of functions, other axes or variants. The result is what binding anew gives, but for the places of what was not changed.
    /// </summary>
    /// <param name="bound">A model of this binder, from <see cref="Of"/> or from here.</param>
    /// <param name="changed">The instructions with changed bodies, with their files; all else has the same tokens as before.</param>
    internal IsaModel? Revise(IsaModel bound, IReadOnlyList<(Decl.Instruction Declaration, SpecFile File)> changed, CancellationToken token)
    {
        lock (requests)
        {
            if (spent) return null;
            (diagnostics, cancellation, model) = (new DiagnosticBag(), token, bound.Copy());
            int functionCount = model.Functions.Count;
            int[] assigned = model.Groups.Select(g => g.Functions.Count).ToArray();
            bool same = changed.All(c => Replace(c.Declaration, ChapterOf(c.File))) && diagnostics.Count == 0;
            if (model.Functions.Count != functionCount) spent = true;
            for (int i = 0; i < assigned.Length; i++)
            {
                var group = model.Groups[i].Functions;
                if (group.Count == assigned[i]) continue;
                group.RemoveRange(assigned[i], group.Count - assigned[i]);
                spent = true;
            }
            return same && !spent ? model : null;
        }
    }

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
        asked = new();
        var instruction = BindInstruction(declaration, chapter);
        bool same = asked.SameAs(requests[declaration.Name]) && SameShape(old, instruction);
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

    private void Ask(string request)
    {
        // What a function asks for belongs to the function.
        if (inProgress.Count == 0) asked?.Add(request);
    }
}
