using System.CommandLine;
using Emulator.Cli.Isa;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Reports;
using Emulator.Reports.Model;
using Spectre.Console;

namespace Emulator.Cli.Commands;

/// <summary>`emu witness`: two executions of a critical instruction, side by side.</summary>
internal static class WitnessCommand
{
    public static Command Create(CommandContext context)
    {
        var isa = new Option<string>("--isa") { Description = "Instruction set: a name (isa/NAME) or a folder", HelpName = "NAME", DefaultValueFactory = _ => context.Services.Isas.DefaultName };
        var profile = new Option<string?>("--profile") { Description = "Hosting profile; the first by default", HelpName = "NAME" };
        var instruction = new Argument<string>("INSTRUCTION") { Description = "Name of an instruction, as in the spec" };
        var command = new Command("witness", "Show by execution that an instruction is critical") { isa, profile, instruction };
        command.SetAction(parsed =>
        {
            var spec = VerdictSpec.Load(parsed.GetRequiredValue(isa), context.Cancellation);
            var verdict = spec.Profile(parsed.GetValue(profile));
            var critical = VerdictSpec.Forms(verdict, parsed.GetRequiredValue(instruction)).Where(f => f is { Critical: true, Difference: not null }).ToList();
            if (critical.Count == 0)
            {
                context.Output.WriteLine($"{parsed.GetRequiredValue(instruction)} is not critical under '{verdict.Name}': there is nothing to show.");
                return ExitCodes.Success;
            }

            var finder = new WitnessFinder(spec.Model, spec.Facts);
            var missing = 0;
            foreach (var form in critical)
            {
                context.Output.WriteLine($"{form.Form.Instruction.Name} {form.Form.Text} under '{verdict.Name}': {Explanation.Sentence(form.Difference!)}");
                if (finder.Find(form.Form, verdict.Profile, form.Difference!, context.Cancellation) is { } witness)
                {
                    Print(context.Output, ReportBuilder.WitnessOf(spec.Model, witness));
                }
                else
                {
                    missing++;
                    context.Output.WriteLine("no witness was found");
                }
            }

            return missing == 0 ? ExitCodes.Success : ExitCodes.Rejected;
        });
        return command;
    }

    private static void Print(TextWriter output, WitnessReport witness)
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
