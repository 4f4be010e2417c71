using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>The handlers of one variant as they were last generated, with what that depended on.</summary>
internal sealed class HandlerDraft(EmitOptions options)
{
    private readonly Dictionary<IrFunction, HandlerText> special = new();
    private HandlerText? general;
    private (string General, CodeWriter Member)? fast;

    public EmitOptions Options { get; } = options;

    /// <summary>The body as it is emitted; set before anything else.</summary>
    public InlinedBody? Body { get; set; }

    /// <summary>The general handler, or the one for a known producer of the deferred group.</summary>
    /// <param name="layout">Places the copies that the text names, whether it is generated or not.</param>
    /// <param name="emit">Generates it and tells whether it may trap.</param>
    public HandlerText Handler(IrFunction? producer, StateLayout layout, Func<(string Text, bool Traps)> emit)
    {
        lock (special)
        {
            var known = producer is null ? general : special.TryGetValue(producer, out var one) ? one : null;
            // In the order of the copies, so that the layout is the same as without drafts.
            int[] places = Body!.Copied.Select(layout.SavedOffset).ToArray();
            if (known is not null && known.Places.SequenceEqual(places)) return known;
            var (content, traps) = emit();
            var made = new HandlerText(content, traps, places);
            if (producer is null) general = made;
            else special[producer] = made;
            return made;
        }
    }

    /// <summary>The method of the common path, which goes on in the general handler of that name.</summary>
    public CodeWriter Fast(string name, Func<CodeWriter> emit)
    {
        lock (special)
        {
            if (fast is { } known && known.General == name) return known.Member;
            CodeWriter made = emit();
            fast = (name, made);
            return made;
        }
    }
}
