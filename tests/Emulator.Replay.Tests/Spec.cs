using System.Collections.Concurrent;
using System.Reflection;
using Emulator.Isa;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;

namespace Emulator.Replay.Tests;

/// <summary>An instance of a spec of the repository with its verdicts.</summary>
internal sealed record Spec(IsaModel Model, SpecFacts Facts, VirtualizabilityReport Report)
{
    private static readonly string Root = typeof(Spec).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EmulatorRoot").Value!;
    private static readonly Lazy<IReadOnlyList<Spec>> Known = new(() => [.. Directory.GetDirectories(Path.Combine(Root, "isa")).Where(HasMachines).Order(StringComparer.Ordinal).SelectMany(f => Folder(f))]);
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    /// <summary>Where the reports of a test run go.</summary>
    public static readonly string Reports = Path.Combine(Root, "artifacts", "reports");

    /// <summary>Every instance under isa/ but those of riscvh, of which <see cref="ReplayMachines"/> has no CPU.</summary>
    public static IReadOnlyList<Spec> All => Known.Value;

    public static Spec Of(string isa) => All.Single(s => s.Model.Name == isa);

    /// <summary>A spec of the repository with another text in one of its files.</summary>
    public static Spec Edited(string isa, string folder, string file, string text, string by)
    {
        string before = Texts.GetOrAdd(Path.Combine(Root, "isa", folder, file), File.ReadAllText);
        Assert.Contains(text, before, StringComparison.Ordinal);
        return Folder(Path.Combine(Root, "isa", folder), file, before.Replace(text, by, StringComparison.Ordinal)).Single(s => s.Model.Name == isa);
    }

    public ProfileVerdict Profile(string name) => Report.Profiles.Single(p => p.Name == name);

    private static bool HasMachines(string folder) => Path.GetFileName(folder) != "riscvh";

    private static IReadOnlyList<Spec> Folder(string folder, string? edited = null, string text = "")
    {
        string[] paths = [.. Directory.GetFiles(folder, "*.isa").Order(StringComparer.Ordinal)];
        if (paths.Length == 0) return [];
        var spec = IsaCompilation.Create([.. paths.Select(p => (Path.GetFileName(p), Path.GetFileName(p) == edited ? text : File.ReadAllText(p)))]);
        return [.. spec.Isas.SelectMany(i => i.Instances).Select(i => new Spec(i.Model, i.Facts!, PopekGoldbergAnalysis.Run(i.Model, i.Facts!)))];
    }
}
