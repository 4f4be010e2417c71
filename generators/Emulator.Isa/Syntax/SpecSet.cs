using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>All spec files of a compilation, grouped by instruction set.</summary>
/// <param name="Isas">One entry per root file, by path.</param>
/// <param name="Diagnostics">What is wrong with the grouping (ISA1001 to ISA1003); those of the files themselves are not repeated.</param>
public sealed record SpecSet(ImmutableArray<IsaFiles> Isas, ImmutableArray<IsaDiagnostic> Diagnostics)
{
    /// <summary>Every file, grouped or not, by path.</summary>
    public ImmutableArray<SpecFile> Files { get; init; } = ImmutableArray<SpecFile>.Empty;

    public bool Equals(SpecSet? other) => other is not null && Isas.SequenceEqual(other.Isas) && Diagnostics.SequenceEqual(other.Diagnostics);

    public override int GetHashCode() => Isas.Aggregate(17, (hash, isa) => hash * 31 + isa.GetHashCode());

    /// <summary>
    /// Finds the chapters of each root. Includes are relative to the folder of the root; paths are compared with <c>/</c> between
    /// folders and without <c>.</c> and <c>..</c>, in upper and lower case as written. A root that another includes is part of that one, with its chapters, and no
    /// instruction set of its own.
    /// </summary>
    public static SpecSet Group(IEnumerable<SpecFile> files, CancellationToken cancellation = default)
    {
        var diagnostics = new DiagnosticBag();
        var byPath = new Dictionary<string, SpecFile>(StringComparer.Ordinal);
        foreach (var file in files) byPath[Normalize(file.Path)] = file;

        var isas = ImmutableArray.CreateBuilder<IsaFiles>();
        var included = new HashSet<string>(StringComparer.Ordinal);
        var names = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var root in byPath.Where(f => f.Value.IsaName is not null && !IsBase(f.Key, byPath)).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (names.TryGetValue(root.Value.IsaName!, out var first))
            {
                diagnostics.Add(BindingDiagnostics.DuplicateIsa.At(root.Value.IsaSpan, $"the instruction set '{root.Value.IsaName}' is declared by another file too; rename one") with
                {
                    Related = ImmutableArray.Create((first, "declared here before")),
                });
            }
            else
            {
                names.Add(root.Value.IsaName!, root.Value.IsaSpan);
            }
            isas.Add(Chapters(root.Key, root.Value, byPath, included, diagnostics));
        }
        foreach (var chapter in byPath.Where(f => f.Value.IsaName is null && !included.Contains(f.Key)))
            diagnostics.Add(BindingDiagnostics.OrphanChapter, StartOf(chapter.Value), OrphanMessage(chapter.Key, byPath));
        return new SpecSet(isas.ToImmutable(), diagnostics.ToImmutable()) { Files = byPath.Values.OrderBy(f => f.Path, StringComparer.Ordinal).ToImmutableArray() };
    }

    /// <summary>Whether another root includes a root, directly or through others, which is not itself part of it.</summary>
    private static bool IsBase(string path, Dictionary<string, SpecFile> byPath) =>
        byPath.Any(f => f.Key != path && f.Value.IsaName is not null && Reaches(f.Key, path, byPath, new HashSet<string>(StringComparer.Ordinal)) &&
            !Reaches(path, f.Key, byPath, new HashSet<string>(StringComparer.Ordinal)));

    private static bool Reaches(string from, string to, Dictionary<string, SpecFile> byPath, HashSet<string> seen) =>
        byPath.TryGetValue(from, out var file) && file.IsaName is not null && seen.Add(from) &&
        file.Declarations.OfType<Decl.Include>().Select(i => Normalize(Folder(from) + i.File)).Any(p => p == to || Reaches(p, to, byPath, seen));

    private static IsaFiles Chapters(string rootPath, SpecFile root, Dictionary<string, SpecFile> byPath, HashSet<string> included, DiagnosticBag diagnostics)
    {
        var files = ImmutableArray.CreateBuilder<SpecFile>();
        bool lacking = !AddChapters(rootPath, root, byPath, new Dictionary<string, SourceSpan>(StringComparer.Ordinal) { [rootPath] = root.IsaSpan }, files, included, diagnostics);
        return new IsaFiles(root.IsaName!, files.ToImmutable()) { LacksFiles = lacking };
    }

    /// <summary>Adds a root and what it includes.</summary>
    /// <param name="places">Where each file was included, of the outermost root where it is declared.</param>
    /// <returns>Whether everything is there.</returns>
    private static bool AddChapters(string rootPath, SpecFile root, Dictionary<string, SpecFile> byPath, Dictionary<string, SourceSpan> places,
        ImmutableArray<SpecFile>.Builder files, HashSet<string> included, DiagnosticBag diagnostics)
    {
        files.Add(root);
        bool complete = true;
        foreach (var include in root.Declarations.OfType<Decl.Include>())
        {
            string path = Normalize(Folder(rootPath) + include.File);
            if (places.TryGetValue(path, out var first))
            {
                bool isRoot = byPath.TryGetValue(path, out var again) && again.IsaName is not null;
                diagnostics.Add(BindingDiagnostics.DuplicateInclude.At(include.Span, $"\"{include.File}\" is included {(isRoot ? "already, or is the file that includes this one" : "twice")}; remove one") with
                {
                    Related = ImmutableArray.Create((first, isRoot ? "it stands here" : "included here before")),
                });
                complete &= !isRoot;
                continue;
            }
            places.Add(path, include.Span);
            if (!byPath.TryGetValue(path, out var chapter))
            {
                complete = false;
                var siblings = byPath.Where(f => f.Value.IsaName is null && Folder(f.Key) == Folder(rootPath)).Select(f => f.Key.Substring(Folder(f.Key).Length));
                diagnostics.Add(BindingDiagnostics.MissingInclude, include.Span, $"there is no file \"{include.File}\" next to this one{Suggestion.For(include.File, siblings)}");
            }
            else if (chapter.IsaName is not null)
            {
                complete &= AddChapters(path, chapter, byPath, places, files, included, diagnostics);
            }
            else
            {
                included.Add(path);
                files.Add(chapter);
            }
        }
        return complete;
    }

    private static string OrphanMessage(string path, Dictionary<string, SpecFile> byPath)
    {
        string name = path.Substring(Folder(path).Length);
        var root = byPath.Where(f => f.Value.IsaName is not null && Folder(f.Key) == Folder(path)).Select(f => f.Key.Substring(Folder(f.Key).Length)).OrderBy(n => n, StringComparer.Ordinal).FirstOrDefault();
        return root is null
            ? "no root file includes this chapter; a root file declares 'isa NAME { include ...; }' in the same folder"
            : $"no root file includes this chapter; add include \"{name}\"; to {root}";
    }

    private static SourceSpan StartOf(SpecFile file) => file.Declarations.Length > 0 ? file.Declarations[0].Span : new SourceSpan(file.Path, 0, 0, 1, 1);

    /// <summary>The part of a normal path up to and including its last slash.</summary>
    private static string Folder(string path) => path.Substring(0, path.LastIndexOf('/') + 1);

    /// <summary>A path with <c>/</c> only, and without <c>.</c> and <c>..</c> where they can be resolved.</summary>
    public static string Normalize(string path)
    {
        var parts = new List<string>();
        string slashed = path.Replace('\\', '/');
        foreach (string part in slashed.Split('/'))
        {
            if (part is "." or "") continue;
            if (part == ".." && parts.Count > 0 && parts[parts.Count - 1] != "..") parts.RemoveAt(parts.Count - 1);
            else parts.Add(part);
        }
        return (slashed.StartsWith("/", StringComparison.Ordinal) ? "/" : "") + string.Join("/", parts);
    }
}
