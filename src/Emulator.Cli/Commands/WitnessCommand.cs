using System.CommandLine;
using Emulator.Cli.Isa;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Reports;

namespace Emulator.Cli.Commands;

/// <summary>`emu witness`: two executions of a critical instruction on the generated CPU, side by side.</summary>
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

            using var machine = spec.Machine(out var missingMachine);
            context.Output.WriteLine(machine is null ? $"{missingMachine}: executed by the interpreter of the semantics." : $"Executed on the generated CPU of {spec.Model.Name}.");
            var finder = new WitnessFinder(spec.Model, spec.Facts);
            var missing = 0;
            foreach (var form in critical)
            {
                context.Output.WriteLine($"{form.Form.Instruction.Name} {form.Form.Text} under '{verdict.Name}': {Explanation.Sentence(form.Difference!)}");
                if (finder.Find(form.Form, verdict.Profile, form.Difference!, context.Cancellation) is { } witness)
                {
                    WitnessTable.Print(context.Output, ReportBuilder.WitnessOf(spec.Model, machine?.Replay(witness) ?? witness));
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
}
