namespace Emulator.Isa.Emit;

/// <summary>The body of a generated handler.</summary>
/// <param name="content">Its lines.</param>
/// <param name="traps">Whether it may trap.</param>
/// <param name="places">Where the copies that it names are kept.</param>
internal sealed class HandlerText(string content, bool traps, int[] places) : IEquatable<HandlerText>
{
    private readonly int hash = StringComparer.Ordinal.GetHashCode(content);
    private Tuple<string, CodeWriter>? method;

    public string Content { get; } = content;

    public bool Traps { get; } = traps;

    public int[] Places { get; } = places;

    /// <summary>The whole method under a name; made once for as long as it is the same.</summary>
    public CodeWriter Method(string name, Func<CodeWriter> emit)
    {
        if (method is { } known && known.Item1 == name) return known.Item2;
        CodeWriter made = emit();
        method = Tuple.Create(name, made);
        return made;
    }

    /// <summary>Equal for equal lines.</summary>
    public bool Equals(HandlerText? other) => other is not null && hash == other.hash && Content == other.Content;

    public override bool Equals(object? obj) => Equals(obj as HandlerText);

    public override int GetHashCode() => hash;
}
