using Emulator.Reports.Model;
using Spectre.Console;

namespace Emulator.Cli.Commands;

/// <summary>Prints two executions side by side.</summary>
internal static class WitnessTable
{
    public static void Print(TextWriter output, WitnessReport witness)
    {
        output.WriteLine($"bytes {witness.Bytes}");
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "reference", "guest");
        foreach (var (heading, rows) in new[] { ("before", witness.Before.Concat(witness.Memory)), ("after", witness.After) })
        {
            table.AddRow(new Markup($"[bold]{heading}[/]"), new Text(""), new Text(""));
            foreach (var row in rows)
            {
                table.AddRow(new Text(row.Place), new Text(row.Reference), new Markup(row.Differs ? $"[bold]{Markup.Escape(row.Guest)}[/]" : Markup.Escape(row.Guest)));
            }
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        console.Profile.Width = 120;
        console.Write(table);
    }
}
