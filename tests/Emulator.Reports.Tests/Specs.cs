using System.Collections.Concurrent;
using System.Reflection;
using Emulator.Reports.Model;

namespace Emulator.Reports.Tests;

/// <summary>Reports of the repository's specs, each made once.</summary>
internal static class Specs
{
    public static readonly string Root = typeof(Specs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EmulatorRoot").Value!;

    private static readonly ConcurrentDictionary<(string, bool), Lazy<IReadOnlyList<IsaReport>>> Made = new();

    public static IReadOnlyList<(string Path, string Text)> Files(string isa) =>
        [.. Directory.GetFiles(Path.Combine(Root, "isa", isa), "*.isa").Order(StringComparer.Ordinal).Select(f => ($"isa/{isa}/{Path.GetFileName(f)}", File.ReadAllText(f)))];

    public static IReadOnlyList<IsaReport> Report(string isa, bool witnesses) => Made.GetOrAdd((isa, witnesses), k => new(() =>
        ReportBuilder.Build(Files(k.Item1), new ReportOptions { Witnesses = k.Item2, Expected = Expected }))).Value;

    public static IsaReport X86 => Report("x86", false)[0];

    public static IsaReport Pg74(string instance) => Report("pg74", true).Single(r => r.Isa == instance);

    private static string? Expected(string name)
    {
        string file = Path.Combine(Root, "isa", "expected", name);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }
}
