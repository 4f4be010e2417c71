namespace Emulator.Cli.Isa;

/// <summary>A folder of descriptions.</summary>
internal static class SpecFolder
{
    /// <summary>Reads every .isa file of a folder and those below it, by path.</summary>
    /// <exception cref="UserErrorException">There is no such folder, no such file, or it cannot be read.</exception>
    public static List<(string Path, string Text)> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException(ExitCodes.BadImage, $"{folder}: no such folder; name one with .isa files.");
        }

        var files = new List<(string Path, string Text)>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.isa", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                files.Add((path, File.ReadAllText(path)));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCodes.BadImage, $"{folder}: cannot be read: {failure.Message}");
        }

        return files.Count > 0
            ? files
            : throw new UserErrorException(ExitCodes.BadImage, $"{folder}: there is no .isa file in it.");
    }
}
