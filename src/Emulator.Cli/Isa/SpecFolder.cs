namespace Emulator.Cli.Isa;

/// <summary>Finds spec files: those of a folder, or of an instruction set of this repository by name.</summary>
internal static class SpecFolder
{
    /// <summary>
    /// The folder of an instruction set: a path, or a name to be found as <c>isa/NAME</c> here or in a folder above. The name may be that of an instance, which begins with
    /// the name of its instruction set and an underscore.
    /// </summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static string Find(string isa)
    {
        if (Directory.Exists(isa))
        {
            return isa;
        }

        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            for (var name = isa; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('_'))])
            {
                var candidate = Path.Combine(folder.FullName, "isa", name);
                if (Directory.Exists(candidate))
                {
                    return Path.GetRelativePath(Directory.GetCurrentDirectory(), candidate);
                }
            }
        }

        throw new UserErrorException(ExitCodes.BadImage, $"{isa}: there is no such folder, and no isa/{isa} here or above.");
    }

    /// <summary>The spec files of a folder as path and text, by path.</summary>
    /// <exception cref="UserErrorException">There is none, or one cannot be read.</exception>
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
