using System.Globalization;
using Spectre.Console;

namespace Emulator.Cli.Boot;

/// <summary>The numbers of `--stats`.</summary>
internal static class StatisticsTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter writer, IMachine machine, TimeSpan elapsed)
    {
        var rows = new List<(string Name, string Value)>
        {
            ("instructions", machine.Instructions.ToString("N0", CultureInfo.InvariantCulture)),
            ("seconds", elapsed.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)),
            ("MIPS", (machine.Instructions / elapsed.TotalSeconds / 1e6).ToString("F1", CultureInfo.InvariantCulture)),
        };
        rows.AddRange(machine.Statistics);

        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumn("name");
        table.AddColumn(new TableColumn("value").RightAligned());
        foreach (var (name, value) in rows)
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(value));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) }).Write(table);
    }
}
