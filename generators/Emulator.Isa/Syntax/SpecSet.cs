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
    /// folders and without <c>.</c> and <c>..</c>, in upper and lower case as written.
    /// </summary>
    public static SpecSet Group(IEnumerable<SpecFile> files, CancellationToken cancellation = default)
    {
        var diagnostics = new DiagnosticBag();
        var byPath = new Dictionary<string, SpecFile>(StringComparer.Ordinal);
        foreach (var file in files) byPath[Normalize(file.Path)] = file;

        var isas = ImmutableArray.CreateBuilder<IsaFiles>();
        var included = new HashSet<string>(StringComparer.Ordinal);
        var names = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var root in byPath.Where(f => f.Value.IsaName is not null).OrderBy(f => f.Key, StringComparer.Ordinal))
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

    private static IsaFiles Chapters(string rootPath, SpecFile root, Dictionary<string, SpecFile> byPath, HashSet<string> included, DiagnosticBag diagnostics)
    {
        var files = ImmutableArray.CreateBuilder<SpecFile>();
        var places = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        files.Add(root);
        bool lacking = false;
        foreach (var include in root.Declarations.OfType<Decl.Include>())
        {
            string path = Normalize(Folder(rootPath) + include.File);
            if (places.TryGetValue(path, out var first))
            {
                diagnostics.Add(BindingDiagnostics.DuplicateInclude.At(include.Span, $"\"{include.File}\" is included twice; remove one") with
                {
                    Related = ImmutableArray.Create((first, "included here before")),
                });
                continue;
            }
            places.Add(path, include.Span);
            if (!byPath.TryGetValue(path, out var chapter))
            {
                lacking = true;
                var siblings = byPath.Where(f => f.Value.IsaName is null && Folder(f.Key) == Folder(rootPath)).Select(f => f.Key.Substring(Folder(f.Key).Length));
                diagnostics.Add(BindingDiagnostics.MissingInclude, include.Span, $"there is no file \"{include.File}\" next to this one{Suggestion.For(include.File, siblings)}");
            }
            else if (chapter.IsaName is not null)
            {
                lacking = true;
                diagnostics.Add(BindingDiagnostics.MissingInclude, include.Span, $"\"{include.File}\" is no chapter: it declares the instruction set '{chapter.IsaName}' itself");
            }
            else
            {
                included.Add(path);
                files.Add(chapter);
            }
        }
        return new IsaFiles(root.IsaName!, files.ToImmutable()) { LacksFiles = lacking };
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
