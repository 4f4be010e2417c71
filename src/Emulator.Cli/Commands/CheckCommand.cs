using System.CommandLine;

namespace Emulator.Cli.Commands;

/// <summary>`emu check`: puts what is derived of a description to the test.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandContext context) => new("check", "Put what is derived of a description to the test")
    {
        CheckPopekGoldbergCommand.Create(context),
        CheckEquivalenceCommand.Create(context),
    };
}
