using System.CommandLine;
using Emulator.Cli.Isa;

namespace Emulator.Cli.Commands;

/// <summary>`emu isa check`: the compiler of specs outside a build, with the same diagnostics.</summary>
internal static class IsaCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder with .isa files, for example isa/x86" };
        var fast = new Option<bool>("--fast") { Description = "Without the derivation of virtualizability (PG0001 to PG0008), which takes longest" };
        var holes = new Option<int>("--holes") { Description = "Also list up to N ranges of encodings that no form has", HelpName = "N" };
        var command = new Command("check", "Compile a description and print its diagnostics") { folder, fast, holes };
        command.SetAction(parsed =>
        {
            var wanted = new SpecCheckOptions(!parsed.GetValue(fast), parsed.GetValue(holes));
            var report = context.Services.Specs.Check(SpecFolder.Read(parsed.GetRequiredValue(folder)), wanted, context.Cancellation);
            foreach (var finding in report.Findings)
            {
                context.Output.WriteLine(finding.Text);
            }

            foreach (var (name, instructions, forms) in report.Isas)
            {
                context.Output.WriteLine($"{name}: {instructions} instructions, {forms} forms");
            }

            foreach (var hole in report.Holes)
            {
                context.Output.WriteLine(hole);
            }

            var errors = report.Findings.Count(finding => finding.IsError);
            context.Output.WriteLine($"{errors} errors, {report.Findings.Count - errors} other findings");
            return errors > 0 ? ExitCodes.Rejected : ExitCodes.Success;
        });
        return command;
    }
}
