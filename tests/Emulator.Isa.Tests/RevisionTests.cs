using System.Globalization;
using System.Text.RegularExpressions;
using Emulator.Isa.Emit;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests;

/// <summary>A revision generates what binding the same texts from nothing generates, to the letter; where it could not, there is none.</summary>
public sealed partial class RevisionTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly EmitOptions Options = new("Emulator.Revised");

    /// <param name="edits">How many edits of bodies of instructions are tried.</param>
    [Theory]
    [InlineData("pg74", 30)]
    [InlineData("riscv", 6)]
    [InlineData("x86", 10)]
    public void GeneratesWhatBindingAnewDoes(string isa, int edits)
    {
        var random = new Random(isa.Length * 7919);
        var (revised, sound) = Try(isa, edits, random, (files, texts, i) =>
        {
            string path = files[random.Next(files.Count)].Path;
            return (path, Edit(texts[path], random, i));
        });
        Assert.True(revised > 0 && revised * 2 >= sound, $"only {revised} of {sound} edits without findings were revised");
    }

    /// <param name="rounds">How often each kind of edit of a function is tried.</param>
    /// <param name="least">How many revisions there must be at least.</param>
    [Theory]
    [InlineData("pg74", 6, 12)]
    [InlineData("riscv", 2, 8)]
    [InlineData("riscvh", 2, 8)]
    [InlineData("x86", 2, 8)]
    public void GeneratesWhatBindingAnewDoesAfterEditsOfFunctions(string isa, int rounds, int least)
    {
        var random = new Random(isa.Length * 104729 + Seed);
        int edits = rounds * Times * FunctionEdits.Kinds;
        var (revised, _) = Try(isa, edits, random, (files, texts, i) =>
        {
            // The functions of every file have the same chance.
            var functions = files.SelectMany(f => f.Declarations.OfType<Decl.Function>().Select(_ => f)).ToList();
            var file = functions[random.Next(functions.Count)];
            return (file.Path, new FunctionEdits(files, random).Of(file, texts[file.Path], i, i % FunctionEdits.Kinds) ?? texts[file.Path]);
        });
        Assert.True(revised >= least * Times, $"only {revised} of {edits} edits were revised");
    }

    /// <summary>For longer runs: other edits, and more of them.</summary>
    private static int Seed => Number("EMULATOR_REVISION_SEED", 0);

    private static int Times => Number("EMULATOR_REVISION_TIMES", 1);

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : otherwise;

    /// <summary>Edits again and again, now the former text and now the revision; how many edits were revised, and how many gave no findings.</summary>
    private (int Revised, int Sound) Try(string isa, int edits, Random random, Func<List<SpecFile>, Dictionary<string, string>, int, (string Path, string Text)> edit)
    {
        string folder = Path.Combine(Repository.Root, "isa", isa), other = Path.Combine(Repository.Root, "isa", "riscv");
        var paths = Directory.GetFiles(folder, "*.isa").Concat(isa == "riscvh" ? Directory.GetFiles(other, "*.isa") : []).Order(StringComparer.Ordinal).ToList();
        var texts = paths.ToDictionary(f => f, File.ReadAllText);
        var all = paths.ConvertAll(f => SpecParser.Parse(f, texts[f]));
        IsaFiles Group(IEnumerable<SpecFile> files) => SpecSet.Group([.. files]).Isas.Single(i => i.Name == isa);
        var former = IsaCompiler.Bind(Group(all));
        Assert.Empty(former.Diagnostics);
        var formerTexts = Texts(IsaCompiler.Emit(former, Options));
        var (revised, unnoticed, wrong) = (0, 0, 0);
        for (int i = 0; i < edits; i++)
        {
            var included = all.Where(f => former.Files.Files.Any(x => x.Path == f.Path)).ToList();
            var (path, text) = edit(included, texts, i);
            for (int k = 0; k < 50 && text == texts[path]; k++) (path, text) = edit(included, texts, i);
            var now = all.ConvertAll(f => f.Path == path ? SpecParser.Parse(path, text) : f);
            var files = Group(now);
            string what = $"edit {i} of {Path.GetFileName(path)}";
            if (IsaCompiler.Revise(former, files) is not { } revision)
            {
                var (bound, again) = (IsaCompiler.Bind(files), IsaCompiler.Bind(former.Files));
                if (bound.Diagnostics.IsEmpty) unnoticed++;
                else wrong++;
                // The attempt may have used it up.
                former = again;
                IsaCompiler.Emit(former, Options);
                continue;
            }
            revised++;
            var fresh = IsaCompiler.Bind(files);
            Assert.True(fresh.Diagnostics.IsEmpty, $"{what}: {string.Join("; ", fresh.Diagnostics)}");
            var (expected, actual) = (IsaCompiler.Emit(fresh, Options), IsaCompiler.Emit(revision, Options));
            Assert.Empty(actual.Diagnostics);
            Assert.Equal(expected.Files.Select(f => f.Name), actual.Files.Select(f => f.Name));
            foreach (var (a, b) in expected.Files.Zip(actual.Files)) Assert.True(a.Text == b.Text, $"{what}: {a.Name} differs: {Difference(a.Text, b.Text)}");
            if (BoundIsaOutline.Comparer.Equals(former, fresh)) Assert.Equal(Texts(IsaCompiler.EmitDecoding(former, Options)), Texts(IsaCompiler.EmitDecoding(fresh, Options)));
            // The former is as good as before.
            Assert.True(formerTexts.SequenceEqual(Texts(IsaCompiler.Emit(former, Options))), $"{what} changed what is generated of its predecessor");
            if (random.Next(3) != 0) continue;
            (former, texts[path], all, formerTexts) = (revision, text, now, Texts(actual));
        }
        output.WriteLine($"{revised} of {edits} edits revised; of the others {wrong} gave findings and {unnoticed} were bound anew without");
        return (revised, revised + unnoticed);
    }

    private static List<string> Texts(EmittedIsa emitted) => [.. emitted.Files.Select(f => f.Text)];

    private static string Difference(string expected, string actual)
    {
        var (a, b) = (expected.Split('\n'), actual.Split('\n'));
        int line = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => a[i] != b[i], Math.Min(a.Length, b.Length));
        return $"line {line + 1}: '{a.ElementAtOrDefault(line)}' became '{b.ElementAtOrDefault(line)}'";
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
