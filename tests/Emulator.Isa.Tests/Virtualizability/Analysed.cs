using System.Collections.Concurrent;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>Specs with their verdicts, each analysed once.</summary>
internal sealed record Analysed(IsaModel Model, SpecFacts Facts, VirtualizabilityReport Report)
{
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, Analysed>>> Folders = new(StringComparer.Ordinal);

    /// <summary>The instances of the spec in a folder of the repository, by name.</summary>
    public static IReadOnlyDictionary<string, Analysed> Folder(string folder) => Folders.GetOrAdd(folder, f => new(() => Of(Files(f)))).Value;

    /// <summary>The spec files of a folder of the repository and what they include from others, by path relative to it.</summary>
    public static (string Path, string Text)[] Files(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.isa").Concat(Elsewhere(folder)).Order(StringComparer.Ordinal)
            .Select(p => (Path.GetRelativePath(Path.Combine(Repository.Root, folder), p).Replace('\\', '/'), File.ReadAllText(p)))];

    /// <summary>Chapters that root files of a folder include from another.</summary>
    private static IEnumerable<string> Elsewhere(string folder) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.isa").Select(p => SpecParser.Parse(p, File.ReadAllText(p))).Where(f => f.IsaName is not null)
            .SelectMany(f => f.Declarations.OfType<Decl.Include>()).Select(i => i.File).Where(n => n.StartsWith("../", StringComparison.Ordinal))
            .Select(n => Path.GetFullPath(Path.Combine(Repository.Root, folder, n))).Distinct();

    /// <summary>The instances of a spec that binds without errors.</summary>
    public static IReadOnlyDictionary<string, Analysed> Of(params (string Path, string Text)[] files)
    {
        var compilation = IsaCompilation.Create(files);
        Assert.DoesNotContain(compilation.Diagnostics, d => d.Severity == Severity.Error);
        return compilation.Isas.SelectMany(i => i.Instances)
            .ToDictionary(i => i.Name, i => new Analysed(i.Model, i.Facts!, PopekGoldbergAnalysis.Run(i.Model, i.Facts!)), StringComparer.Ordinal);
    }

    public static Analysed X86 => Folder("isa/x86")["x86"];

    public ProfileVerdict Profile(string name) => Report.Profiles.Single(p => p.Name == name);

    /// <summary>Names of the instructions with a critical form.</summary>
    public IEnumerable<string> Critical(string profile) => Profile(profile).Theorem1.Breaking.Select(f => f.Form.Instruction.Name).Distinct();

    public IEnumerable<FormVerdict> Forms(string profile, string instruction) => Profile(profile).Forms.Where(f => f.Form.Instruction.Name == instruction);
}
