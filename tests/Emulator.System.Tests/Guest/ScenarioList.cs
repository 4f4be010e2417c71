namespace Emulator.System.Tests.Guest;

/// <summary>Scenarios in the order they run.</summary>
internal sealed class ScenarioList
{
    private readonly List<Scenario> items = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public IReadOnlyList<Scenario> Items => items;

    /// <summary>A scenario with lines of its own.</summary>
    public void Add(string name, Action<Scenario> define) => Add(new Scenario(name), define);

    /// <summary>A cell of a table: only what it came to is shown, one character row per table row.</summary>
    public void AddCell(string row, string cell, Action<Scenario> define, bool ownOnly = false) =>
        Add(new Scenario($"{row} {cell}") { Row = row, OwnOnly = ownOnly }, define);

    /// <summary>A scenario that ends other emulators, so that only our machine runs it.</summary>
    public void AddOwn(string name, Action<Scenario> define) => Add(new Scenario(name) { OwnOnly = true }, define);

    private void Add(Scenario scenario, Action<Scenario> define)
    {
        if (!names.Add(scenario.Name))
            throw new InvalidOperationException($"Scenario '{scenario.Name}' is there twice.");
        define(scenario);
        items.Add(scenario);
    }
}
