namespace Emulator.Isa.Generators.Tests;

/// <summary>The small specs beside the tests.</summary>
internal static class TestSpecs
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Specs");

    /// <summary>The files of some instruction sets, by path below <see cref="Folder"/>.</summary>
    public static IReadOnlyList<SpecText> Load(params string[] isas) =>
        [.. isas.SelectMany(isa => Directory.GetFiles(Path.Combine(Folder, isa), "*.isa").Order(StringComparer.Ordinal))
            .Select(f => new SpecText(Path.GetRelativePath(Folder, f).Replace('\\', '/'), File.ReadAllText(f).ReplaceLineEndings("\n")))];
}
