using System.CommandLine;
using Emulator.Cli.Isa;
using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Cli.Commands;

/// <summary>`emu explain`: what makes an instruction what it is, from state through conditions to effects.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandContext context)
    {
        var isa = new Option<string>("--isa") { Description = "Instruction set: a name (isa/NAME) or a folder", HelpName = "NAME", DefaultValueFactory = _ => context.Services.Isas.DefaultName };
        var profile = new Option<string?>("--profile") { Description = "Hosting profile; all by default", HelpName = "NAME" };
        var instruction = new Argument<string>("INSTRUCTION") { Description = "Name of an instruction, as in the spec" };
        var command = new Command("explain", "Explain the class of an instruction, with lines of the spec") { isa, profile, instruction };
        command.SetAction(parsed =>
        {
            var spec = VerdictSpec.Load(parsed.GetRequiredValue(isa), context.Cancellation);
            var profiles = parsed.GetValue(profile) is { } name ? [spec.Profile(name)] : spec.Report.Profiles;
            foreach (var verdict in profiles)
            {
                foreach (var form in VerdictSpec.Forms(verdict, parsed.GetRequiredValue(instruction)))
                {
                    Print(context.Output, verdict, form);
                }
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(TextWriter output, ProfileVerdict verdict, FormVerdict form)
    {
        var kinds = string.Join(", ", form.Kinds);
        output.WriteLine($"{form.Form.Instruction.Name} {form.Form.Text} under '{verdict.Name}': {form.Class.ToString().ToLowerInvariant()}{(kinds.Length > 0 ? $" ({kinds})" : "")}{(form.Traps ? ", always traps in the guest" : "")}");
        output.WriteLine($"  marked {form.Form.Instruction.Mark}{(form.Form.Instruction.Reason is { } reason ? $" \"{reason}\"" : "")}");
        foreach (var access in form.Access)
        {
            output.WriteLine($"  {access.Mode}: {access.Kind.ToString().ToLowerInvariant()}{(access.Trapping.Length > 0 ? $", traps when {access.Trapping}" : "")}");
        }

        if (form.Difference is { } difference)
        {
            output.WriteLine($"  {Explanation.Sentence(difference)}");
        }

        if (!form.Sensitive)
        {
            return;
        }

        foreach (var (span, note) in Explanation.Chain(form))
        {
            output.WriteLine($"  {span}: {note}");
        }
    }
}
