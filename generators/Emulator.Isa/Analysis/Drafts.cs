using System.Runtime.CompilerServices;
using Emulator.Isa.Emit;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// What was derived for single forms and generated for single variants and functions: it depends on nothing that a revision changes, but for those it replaces. May be
/// used from several threads.
/// </summary>
internal sealed class Drafts
{
    private readonly ConditionalWeakTable<FormModel, FormFacts> forms = new();
    private readonly ConditionalWeakTable<VariantModel, HandlerDraft> handlers = new();

    private (EmitOptions Options, IReadOnlyList<EmittedFile> Files)? functions;

    public FormFacts Form(FormModel form, Func<FormModel, FormFacts> derive) => forms.GetValue(form, f => derive(f));

    /// <summary>The draft of a handler; what was made under other options does not count.</summary>
    public HandlerDraft Handler(VariantModel variant, EmitOptions options)
    {
        HandlerDraft draft = handlers.GetValue(variant, _ => new HandlerDraft(options));
        return draft.Options == options ? draft : new HandlerDraft(options);
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
