using System.CommandLine;
using Emulator.Cli.Isa;

namespace Emulator.Cli.Commands;

/// <summary>`emu isa doc`: an instruction reference from a description.</summary>
internal static class IsaDocCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder with .isa files, for example isa/x86" };
        var output = new Argument<string>("OUT") { Description = "Folder the pages are written to, one below it per instruction set" };
        var command = new Command("doc", "Write an instruction reference in Markdown: encodings, texts, operands, gates, traps, flags, semantics") { folder, output };
        command.SetAction(parsed =>
        {
            var pages = context.Services.Specs.Document(SpecFolder.Read(parsed.GetRequiredValue(folder)), context.Cancellation);
            if (pages.Count == 0)
            {
                throw new UserErrorException(ExitCodes.Rejected, $"{parsed.GetRequiredValue(folder)}: the description has errors; `emu isa check` prints them.");
            }

            Write(parsed.GetRequiredValue(output), pages);
            context.Output.WriteLine($"{pages.Count} pages");
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(string folder, IReadOnlyList<(string Path, string Text)> pages)
    {
        try
        {
            foreach (var (path, text) in pages)
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCodes.BadImage, $"{folder}: cannot be written: {failure.Message}");
        }
    }
}
