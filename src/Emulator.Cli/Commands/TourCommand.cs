using System.CommandLine;
using Emulator.Tour;

namespace Emulator.Cli.Commands;

/// <summary>`emu tour FILE`: writes the image of the tour, for other emulators to boot.</summary>
internal static class TourCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "File to write" };
        var command = new Command("tour", "Write the image of the tour: a multiboot kernel, for example for qemu-system-i386 -kernel FILE") { file };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            try
            {
                File.WriteAllBytes(path, TourImage.Build().Bytes);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException(ExitCodes.Usage, $"{path}: cannot be written: {failure.Message}");
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
