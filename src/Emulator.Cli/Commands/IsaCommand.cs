using System.CommandLine;

namespace Emulator.Cli.Commands;

/// <summary>`emu isa`: about descriptions of instruction sets.</summary>
internal static class IsaCommand
{
    public static Command Create(CommandContext context) => new("isa", "Check descriptions of instruction sets, and list what is derived from them")
    {
        IsaCheckCommand.Create(context),
        IsaListCommand.Create(context),
        IsaDocCommand.Create(context),
    };
}
