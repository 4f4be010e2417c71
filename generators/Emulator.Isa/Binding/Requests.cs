namespace Emulator.Isa.Binding;

/// <summary>
/// What binding an instruction or a function asked of the rest of the spec: the functions it instantiates and the groups it assigns, in order of the first time, and
/// the address maps it goes through.
/// </summary>
/// <param name="start">Functions that were bound before it.</param>
internal sealed class Requests(int start)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<string> order = new();

    /// <summary>How many functions had been bound when it was begun.</summary>
    public int Start { get; } = start;

    /// <summary>Address maps it goes through, by name and width.</summary>
    public HashSet<string> Maps { get; } = new(StringComparer.Ordinal);

    public void Add(string request)
    {
        if (seen.Add(request)) order.Add(request);
    }

    public bool Contains(string request) => seen.Contains(request);

    /// <summary>
    /// Whether binding everything with the other requests in the place of these gives the same functions in the same order: what had been bound before does not count.
    /// </summary>
    /// <param name="boundBefore">Whether a function had been bound before a number of functions was.</param>
    public bool SameAs(Requests other, Func<string, int, bool> boundBefore) =>
        order.Where(r => !boundBefore(r, Start)).SequenceEqual(other.order.Where(r => !boundBefore(r, Start)));
}
