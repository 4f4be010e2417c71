using Emulator.Isa.Emit;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// What was derived for single forms and generated for single variants and functions: it depends on nothing that a revision changes, but for those it replaces. May be
/// used from several threads.
/// </summary>
internal sealed class Drafts
{
    private readonly Dictionary<FormModel, FormFacts> forms = new();
    private readonly Dictionary<VariantModel, HandlerDraft> handlers = new();

    private (EmitOptions Options, IReadOnlyList<EmittedFile> Files)? functions;

    /// <summary>Those of what a revision has kept.</summary>
    public Drafts Revise(IsaModel revision)
    {
        var kept = new Drafts();
        lock (forms)
        {
            kept.functions = functions;
            foreach (FormModel form in revision.Decode.Forms)
            {
                if (forms.TryGetValue(form, out FormFacts? facts)) kept.forms.Add(form, facts);
            }
            foreach (VariantModel variant in revision.Variants)
            {
                if (handlers.TryGetValue(variant, out HandlerDraft? draft)) kept.handlers.Add(variant, draft);
            }
        }
        return kept;
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

    public IReadOnlyList<EmittedFile> Functions(EmitOptions options, Func<IReadOnlyList<EmittedFile>> emit)
    {
        lock (forms)
        {
            if (functions is { } known && known.Options == options) return known.Files;
        }
        var files = emit();
        lock (forms) functions = (options, files);
        return files;
    }
}
