using Emulator.System.Tests.Guest;

namespace Emulator.System.Tests.Results;

/// <summary>What one scenario came to.</summary>
internal sealed class ScenarioResult(Scenario scenario)
{
    public Scenario Scenario { get; } = scenario;

    public List<EventRecord> Events { get; } = [];

    /// <summary>Memory, in the order asked for.</summary>
    public List<uint[]> Dumps { get; } = [];

    /// <summary>The lines below the scenario's name: its events, then its memory.</summary>
    /// <param name="showResume">Shows RF, which QEMU never sets in a frame.</param>
    public IEnumerable<string> Lines(bool showResume = true)
    {
        foreach (var one in Events)
            yield return one.Describe(Scenario, showResume);
        for (var i = 0; i < Dumps.Count; i++)
            yield return $"{Scenario.Dumps[i].Label}: {string.Join(' ', Dumps[i].Select(word => $"{word:x8}"))}";
    }

    /// <summary>The same in a table cell: <c>ok</c>, or the exception; where it is not at the mark <c>bad</c>, the place as well.</summary>
    public string Cell()
    {
        if (Events is not [var only])
            return $"{Events.Count} events";
        var place = only.Place(Scenario);
        if (place == "@end" && only.Name == "#UD")
            return "ok";
        return place == "@bad" ? only.Name : only.Name + place;
    }
}
