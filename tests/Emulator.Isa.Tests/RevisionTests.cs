using System.Globalization;
using System.Text.RegularExpressions;
using Emulator.Isa.Emit;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests;

/// <summary>A revision generates what binding the same texts from nothing generates, to the letter; where it could not, there is none.</summary>
public sealed partial class RevisionTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly EmitOptions Options = new("Emulator.Revised");

    [Theory]
    [InlineData("pg74", 30)]
    [InlineData("riscv", 6)]
    [InlineData("x86", 10)]
    public void GeneratesWhatBindingAnewDoes(string isa, int edits)
    {
        var random = new Random(isa.Length * 7919);
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "isa", isa), "*.isa").Order(StringComparer.Ordinal).Select(f => SpecParser.Parse(f, File.ReadAllText(f))).ToList();
        var texts = files.ToDictionary(f => f.Path, f => File.ReadAllText(f.Path));
        var former = IsaCompiler.Bind(SpecSet.Group(files).Isas.Single());
        Assert.Empty(former.Diagnostics);
        IsaCompiler.Emit(former, Options);
        int revised = 0;
        for (int i = 0; i < edits; i++)
        {
            string path = files[random.Next(files.Count)].Path;
            string text = Edit(texts[path], random, i);
            if (text == texts[path])
            {
                i--;
                continue;
            }
            var now = SpecSet.Group([.. files.Select(f => f.Path == path ? SpecParser.Parse(path, text) : f)]).Isas.Single();
            if (IsaCompiler.Revise(former, now) is not { } revision)
            {
                // The attempt may have used it up.
                former = IsaCompiler.Bind(former.Files);
                continue;
            }
            revised++;
            var fresh = IsaCompiler.Bind(now);
            Assert.Empty(fresh.Diagnostics);
            var (expected, actual) = (IsaCompiler.Emit(fresh, Options), IsaCompiler.Emit(revision, Options));
            Assert.Empty(actual.Diagnostics);
            Assert.Equal(expected.Files.Select(f => f.Name), actual.Files.Select(f => f.Name));
            foreach (var (a, b) in expected.Files.Zip(actual.Files)) Assert.True(a.Text == b.Text, $"edit {i} of {path}: {a.Name} differs");
            // The former is as good as before.
            if (i % 4 != 0) continue;
            var again = IsaCompiler.Emit(former, Options);
            var anew = IsaCompiler.Emit(IsaCompiler.Bind(former.Files), Options);
            Assert.Equal(anew.Files.Select(f => f.Text), again.Files.Select(f => f.Text));
            (former, texts[path], files) = (revision, text, [.. now.Files]);
        }
        output.WriteLine($"{revised} of {edits} edits revised");
        Assert.True(revised * 3 >= edits, $"only {revised} of {edits} edits were revised");
    }

    private static string Edit(string text, Random random, int number)
    {
        var bodies = Bodies().Matches(text).ToList();
        if (bodies.Count == 0) return text;
        var body = bodies[random.Next(bodies.Count)].Groups[1];
        string with = random.Next(4) switch
        {
            0 => bodies[random.Next(bodies.Count)].Groups[1].Value,
            1 => "",
            2 => body.Value + "\n    let edited_last = 1;\n",
            _ => string.Create(CultureInfo.InvariantCulture, $"\n    let edited{number} = {number};\n{body.Value}"),
        };
        return text[..body.Index] + with + text[(body.Index + body.Length)..];
    }

    /// <summary>Bodies without nested blocks that end a line of their own: enough of them.</summary>
    [GeneratedRegex(@"\n  do \{((?:.|\n)*?)\n  \}\n", RegexOptions.CultureInvariant)]
    private static partial Regex Bodies();
}
