using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>The handlers of one variant as they were last generated, with what that depended on.</summary>
internal sealed class HandlerDraft(EmitOptions options)
{
    private readonly Dictionary<IrFunction, Text> special = new();
    private Text? general;
    private (string General, string Text)? fast;

    public EmitOptions Options { get; } = options;

    /// <summary>The body as it is emitted; set before anything else.</summary>
    public InlinedBody? Body { get; set; }

    /// <summary>The general handler, or the one for a known producer of the deferred group.</summary>
    /// <param name="layout">Places the copies that the text names, whether it is generated or not.</param>
    /// <param name="emit">Generates it and tells whether it may trap.</param>
    public (string Text, bool Traps) Handler(IrFunction? producer, StateLayout layout, Func<(string Text, bool Traps)> emit)
    {
        lock (special)
        {
            var known = producer is null ? general : special.TryGetValue(producer, out var one) ? one : null;
            // In the order of the copies, so that the layout is the same as without drafts.
            int[] places = Body!.Copied.Select(layout.SavedOffset).ToArray();
            if (known is { } text && text.Places.SequenceEqual(places)) return (text.Content, text.Traps);
            var (content, traps) = emit();
            var made = new Text(content, traps, places);
            if (producer is null) general = made;
            else special[producer] = made;
            return (content, traps);
        }
    }

    /// <summary>The common path, which goes on in the general handler of that name.</summary>
    public string Fast(string name, Func<string> emit)
    {
        lock (special)
        {
            if (fast is { } known && known.General == name) return known.Text;
            string text = emit();
            fast = (name, text);
            return text;
        }
    }

    private sealed record Text(string Content, bool Traps, int[] Places);
}
