using System.CommandLine;
using Emulator.Cli.Isa;

namespace Emulator.Cli.Commands;

/// <summary>`emu isa check`: the compiler of specs outside a build, with the same diagnostics.</summary>
internal static class IsaCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder with .isa files, for example isa/x86" };
        var command = new Command("check", "Compile a description and print its diagnostics") { folder };
        command.SetAction(parsed =>
        {
            var report = context.Services.Specs.Check(SpecFolder.Read(parsed.GetRequiredValue(folder)), context.Cancellation);
            foreach (var finding in report.Findings)
            {
                context.Output.WriteLine(finding.Text);
            }

            foreach (var (name, instructions, forms) in report.Isas)
            {
                context.Output.WriteLine($"{name}: {instructions} instructions, {forms} forms");
            }

            var errors = report.Findings.Count(finding => finding.IsError);
            context.Output.WriteLine($"{errors} errors, {report.Findings.Count - errors} other findings");
            return errors > 0 ? ExitCodes.Rejected : ExitCodes.Success;
        });
        return command;
    }
}
