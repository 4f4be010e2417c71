using Emulator.Isa.Diagnostics;
using System.Text.RegularExpressions;

namespace Emulator.Cli.Isa;

/// <summary>Finds spec files: those of a folder, or of an instruction set of this repository by name.</summary>
internal static partial class SpecFolder
{
    /// <summary>
    /// The folder of an instruction set: a path, or a name to be found as <c>isa/NAME</c> here or in a folder above; or the name of an instance that a spec there declares.
    /// </summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static string Find(string isa)
    {
        if (Directory.Exists(isa))
        {
            return isa;
        }

        var known = new List<string>();
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            var specs = Path.Combine(folder.FullName, "isa");
            if (!Directory.Exists(specs))
            {
                continue;
            }

            foreach (var candidate in Directory.EnumerateDirectories(specs).Order(StringComparer.Ordinal))
            {
                var names = Declared(candidate);
                if (Path.GetFileName(candidate) == isa || names.Contains(isa))
                {
                    return Path.GetRelativePath(Directory.GetCurrentDirectory(), candidate);
                }

                known.AddRange(names);
            }
        }

        throw new UserErrorException(ExitCodes.BadImage, $"{isa}: there is no such folder, and no instruction set of that name in a folder isa here or above"
            + (known.Count > 0 ? $"; there are {string.Join(", ", known.Distinct())}{Suggestion.For(isa, known)}." : "."));
    }

    /// <summary>Names of the instruction sets and instances that the files of a folder declare.</summary>
    private static List<string> Declared(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.isa").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => Declaration().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value).Distinct()];

    [GeneratedRegex(@"^\s*(?:isa|instance)\s+(\w+)\s*\{")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\s*include\s+(""[^""\n]*""\s*,?\s*)+", RegexOptions.Multiline)]
    private static partial Regex Inclusions();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    private static void Add(List<(string Path, string Text)> files, string path) => files.Add((path, File.ReadAllText(path)));

    /// <summary>The spec files of a folder as path and text, by path, and those of other folders that they include.</summary>
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
                Add(files, path);
            }

            // What a file includes from other folders belongs to it.
            for (var i = 0; i < files.Count; i++)
            {
                var from = Path.GetDirectoryName(files[i].Path)!;
                foreach (var included in Inclusions().Matches(files[i].Text).SelectMany(m => Quoted().Matches(m.Value)).Select(m => Path.GetFullPath(Path.Combine(from, m.Groups[1].Value))))
                {
                    if (File.Exists(included) && files.TrueForAll(f => Path.GetFullPath(f.Path) != included))
                    {
                        Add(files, Path.IsPathRooted(folder) ? included : Path.GetRelativePath(Directory.GetCurrentDirectory(), included));
                    }
                }
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
