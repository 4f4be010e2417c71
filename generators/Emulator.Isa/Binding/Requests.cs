namespace Emulator.Isa.Binding;

/// <summary>What binding an instruction asked of the rest of the spec, in order of the first time: the functions it instantiates and the groups it assigns.</summary>
internal sealed class Requests
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<string> order = new();

    public void Add(string request)
    {
        if (seen.Add(request)) order.Add(request);
    }

    public bool SameAs(Requests other) => order.SequenceEqual(other.order);
}
