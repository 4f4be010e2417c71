using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Emulator.Cli.Isa;
using Emulator.Replay.Check;
using Emulator.Reports;
using Spectre.Console;

namespace Emulator.Cli.Commands;

/// <summary>`emu check popek-goldberg`: executes every form in random states on the generated CPU and compares with its verdict.</summary>
internal static class CheckPopekGoldbergCommand
{
    public static Command Create(CommandContext context)
    {
        var isa = new Option<string>("--isa") { Description = "Instruction set: a name (isa/NAME); of a folder with several instances, all", HelpName = "NAME", DefaultValueFactory = _ => context.Services.Isas.DefaultName };
        var profile = new Option<string[]>("--profile") { Description = "Only this hosting profile; may be repeated", HelpName = "NAME" };
        var cases = new Option<int>("--cases") { Description = "Random states per form", HelpName = "N", DefaultValueFactory = _ => 10_000 };
        var seed = new Option<ulong>("--seed") { Description = "Where the random numbers begin", HelpName = "S", DefaultValueFactory = _ => 1 };
        var forms = new Option<bool>("--forms") { Description = "Print the counts of every form" };
        var instruction = new Argument<string?>("INSTRUCTION") { Description = "Only the forms of this instruction", Arity = ArgumentArity.ZeroOrOne };
        cases.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() <= 0)
            {
                result.AddError("--cases: at least 1.");
            }
        });
        var command = new Command("popek-goldberg", "Execute every form in random states and compare with what is derived of it") { instruction, isa, profile, cases, seed, forms };
        command.SetAction(parsed =>
        {
            var failed = false;
            var name = parsed.GetValue(instruction);
            foreach (var spec in VerdictSpec.LoadAll(parsed.GetRequiredValue(isa), context.Cancellation))
            {
                var wanted = parsed.GetValue(profile) is { Length: > 0 } names ? names : [.. spec.Report.Profiles.Select(p => p.Name)];
                foreach (var verdict in wanted.Select(spec.Profile))
                {
                    var only = name is null ? null : VerdictSpec.Forms(verdict, name).Select(f => f.Form).ToHashSet();
                    var options = new CheckOptions { Cases = parsed.GetValue(cases), Seed = parsed.GetValue(seed), Others = [.. spec.Report.Profiles.Where(p => p != verdict)], Only = only is null ? null : f => only.Contains(f.Form) };
                    using var machine = spec.Machine(out var missing) ?? throw new UserErrorException(ExitCodes.Rejected, $"{missing}.");
                    var clock = Stopwatch.StartNew();
                    var check = machine.Check(verdict, options, context.Cancellation);
                    Print(context.Output, spec, check, clock.Elapsed, parsed.GetValue(forms));
                    failed |= check.Failures.Any();
                }
            }

            return failed ? ExitCodes.Rejected : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(TextWriter output, VerdictSpec spec, ProfileCheck check, TimeSpan elapsed, bool forms)
    {
        var failures = check.Failures.ToList();
        var executed = check.Forms.Where(f => f.Skipped is null).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{spec.Model.Name}, {check.Verdict.Name}: {executed.Count} {(executed.Count == 1 ? "form" : "forms")} executed {check.Executions:N0} times in {elapsed.TotalSeconds:F1} s ({check.Executions / Math.Max(elapsed.TotalSeconds, 0.001) / 1e6:F1} million per second); "
            + $"{failures.Count} not as derived; {executed.Count(f => f.DifferenceFound)} of {executed.Count(f => f.Verdict.Critical)} critical forms shown; "
            + $"{executed.Sum(f => f.ConditionsDecided):N0} executions against the derived condition of their traps"));
        if (check.Forms.Count > executed.Count)
        {
            output.WriteLine($"  not executed: {string.Join(", ", check.Forms.Where(f => f.Skipped is not null).GroupBy(f => f.Skipped).Select(g => $"{g.Count()} {g.Key}"))}");
        }

        foreach (var form in check.NotFound)
        {
            output.WriteLine($"  critical, but no difference was found: {Name(form)}");
        }

        foreach (var form in failures)
        {
            output.WriteLine($"  {Name(form)}: {form.Failure}");
            if (form.Witness is { } witness)
            {
                WitnessTable.Print(output, ReportBuilder.WitnessOf(spec.Model, witness));
            }
        }

        if (forms)
        {
            PrintForms(output, check);
        }
    }

    private static void PrintForms(TextWriter output, ProfileCheck check)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("form", "derived");
        foreach (var heading in (string[])["guest completes", "traps", "memory", "other completes", "traps", "memory", "conditions", "excused"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var form in check.Forms)
        {
            string[] counts = form.Skipped is { } skipped ? [skipped]
                : [.. new[] { form.Guest.Completed, form.Guest.Trapped, form.Guest.Memory, form.Reference.Completed, form.Reference.Trapped, form.Reference.Memory, form.ConditionsDecided, form.Excused }
                    .Select(n => n.ToString(CultureInfo.InvariantCulture))];
            table.AddRow([Markup.Escape(Name(form)), form.Verdict.Class.ToString().ToLowerInvariant(), .. counts]);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        console.Profile.Width = 160;
        console.Write(table);
    }

    private static string Name(FormCheck form) => $"{form.Verdict.Form.Instruction.Name} ({form.Verdict.Form.Text})";
}
