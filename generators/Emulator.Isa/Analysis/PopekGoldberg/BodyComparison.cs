namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What guest-mode executions with one outcome have to do with the others, as far as it has been asked.</summary>
/// <param name="Path">What is known of user data.</param>
internal sealed record BodyComparison(Path? Path)
{
    private readonly Dictionary<(int Group, bool Same), PairOutcome> pairs = new();

    /// <summary>Terms under <see cref="Path"/>.</summary>
    public Dictionary<Term, Term> Memo { get; } = new();

    /// <summary>The comparison with executions of a group, or of the guest's with itself.</summary>
    public PairOutcome Of(int group, bool same, Func<PairOutcome> compare)
    {
        if (!pairs.TryGetValue((group, same), out PairOutcome? pair)) pairs.Add((group, same), pair = compare());
        return pair;
    }
}
