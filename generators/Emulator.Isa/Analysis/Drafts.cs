using Emulator.Isa.Emit;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// What was derived for single forms and generated for single variants and functions. A revision keeps what depends on nothing that it changed. May be used from several
/// threads.
/// </summary>
internal sealed class Drafts
{
    private readonly Dictionary<FormModel, FormFacts> forms = new();
    private readonly Dictionary<VariantModel, HandlerDraft> handlers = new();
    private readonly Rollback?[] rollbacks = new Rollback?[2];
    private ReachedNames? names;
    private FunctionDrafts? functions;

    /// <summary>Those a revision keeps.</summary>
    public Drafts Revise(SpecFacts facts, Changes changes)
    {
        var kept = new Drafts();
        lock (forms)
        {
            kept.names = names?.Revise(facts, changes);
            var differ = new HashSet<IrFunction>(changes.Facts);
            for (int i = 0; i < rollbacks.Length; i++) kept.rollbacks[i] = rollbacks[i]?.Revise(facts, changes, differ);
            kept.functions = functions?.Revise(facts, changes, differ);
            foreach (FormModel form in facts.Model.Decode.Forms)
            {
                if (forms.TryGetValue(form, out FormFacts? known) && !form.Cases.Any(c => c.Variants.Any(v => changes.Bodies.Contains(v.Body)))) kept.forms.Add(form, known);
            }
            foreach (VariantModel variant in facts.Model.Variants)
            {
                if (handlers.TryGetValue(variant, out HandlerDraft? draft) && Holds(variant.Body, draft, facts, changes, differ)) kept.handlers.Add(variant, draft);
            }
        }
        return kept;
    }

    /// <summary>Whether a handler is still what would be generated.</summary>
    /// <param name="differ">Functions of which callers know other things now.</param>
    private static bool Holds(IrFunction body, HandlerDraft draft, SpecFacts facts, Changes changes, HashSet<IrFunction> differ)
    {
        if (!changes.Bodies.Contains(body)) return true;
        if (changes.BodyFacts.Contains(body) || draft.Body is not { } code || code.Inspected.Any(changes.Code.Contains)) return false;
        return differ.Count == 0 || !code.Inspected.Append(body).Any(f => facts.Summary(f).Called.Any(differ.Contains));
    }

    public FormFacts Form(FormModel form, Func<FormModel, FormFacts> derive)
    {
        lock (forms)
        {
            if (!forms.TryGetValue(form, out FormFacts? facts)) forms.Add(form, facts = derive(form));
            return facts;
        }
    }

    /// <summary>The draft of a handler; what was made under other options does not count.</summary>
    public HandlerDraft Handler(VariantModel variant, EmitOptions options)
    {
        lock (forms)
        {
            if (!handlers.TryGetValue(variant, out HandlerDraft? draft) || draft.Options != options) handlers[variant] = draft = new HandlerDraft(options);
            return draft;
        }
    }

    /// <summary>The texts of functions; what was made under other options does not count.</summary>
    public FunctionDrafts Functions(EmitOptions options)
    {
        lock (forms)
        {
            if (functions is null || functions.Options != options) functions = new FunctionDrafts(options);
            return functions;
        }
    }

    /// <summary>What a trap must undo.</summary>
    public Rollback Rollback(SpecFacts facts, bool withPc)
    {
        lock (forms) return rollbacks[withPc ? 1 : 0] ??= new Rollback(facts, withPc);
    }

    /// <summary>What bodies reach. For one thread at a time: <see cref="Form"/> sees to that.</summary>
    public ReachedNames Names(SpecFacts facts)
    {
        lock (forms) return names ??= new ReachedNames(facts);
    }
}
