using System.Text.RegularExpressions;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>The verdict of an edited spec is the same whether everything was derived anew or only what changed; and it is only what changed.</summary>
public sealed partial class RevisionVerdictTests
{
    [Theory]
    [InlineData("x86", "alu.isa", "\ninstruction ADD ", "do {", "do { IF = 0; ")]
    [InlineData("x86", "alu.isa", "\ninstruction ADD ", "do {", "do { if CPL == 0 { raise UD(); } ")]
    [InlineData("pg74", "instructions.isa", "\ninstruction SUB ", "do {", "do { R[0] = BASE; ")]
    [InlineData("pg74", "instructions.isa", "\ninstruction SUB ", "d = a - b;", "d = storage<32>[a];")]
    [InlineData("x86", "stack.isa", "\nprocedure release<", "{", "{ IF = 0; ")]
    [InlineData("x86", "stack.isa", "\nprocedure push<", "{", "{ if CPL == 3 { raise UD(); } ")]
    public void IsThatOfTheWholeSpec(string isa, string file, string declaration, string text, string by)
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "isa", isa), "*.isa").Order(StringComparer.Ordinal).Select(f => SpecParser.Parse(f, File.ReadAllText(f))).ToList();
        BoundIsa former = IsaCompiler.Bind(SpecSet.Group(files).Isas.Single());
        string[] before = Verdicts(former);
        string path = files.Single(f => Path.GetFileName(f.Path) == file).Path;
        string source = File.ReadAllText(path);
        int at = source.IndexOf(text, source.IndexOf(declaration, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(at > 0);
        string edited = source[..at] + by + source[(at + text.Length)..];
        IsaFiles now = SpecSet.Group([.. files.Select(f => f.Path == path ? SpecParser.Parse(path, edited) : f)]).Isas.Single();
        BoundIsa? revision = IsaCompiler.Revise(former, now);
        Assert.NotNull(revision);
        string[] revised = Verdicts(revision);
        Assert.Equal(Verdicts(IsaCompiler.Bind(now)), revised);
        Assert.NotEqual(before, revised);
        // And back: what was known of the former text still holds.
        BoundIsa? back = IsaCompiler.Revise(revision, former.Files);
        Assert.NotNull(back);
        Assert.Equal(before, Verdicts(back));
    }

    /// <param name="edits">How many edits of functions, one after the other.</param>
    [Theory]
    [InlineData("pg74", 36)]
    [InlineData("riscv", 6)]
    [InlineData("x86", 12)]
    public void IsThatOfTheWholeSpecAfterEditsOfFunctions(string isa, int edits)
    {
        var random = new Random(edits);
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "isa", isa), "*.isa").Order(StringComparer.Ordinal).Select(f => SpecParser.Parse(f, File.ReadAllText(f))).ToList();
        var texts = files.ToDictionary(f => f.Path, f => File.ReadAllText(f.Path));
        BoundIsa bound = IsaCompiler.Bind(SpecSet.Group(files).Isas.Single());
        Verdicts(bound);
        int revised = 0;
        for (int i = 0; i < edits; i++)
        {
            SpecFile file = files[random.Next(files.Count)];
            if (new FunctionEdits(files, random).Of(file, texts[file.Path], i, i % FunctionEdits.Kinds) is not { } text) continue;
            List<SpecFile> now = files.ConvertAll(f => f.Path == file.Path ? SpecParser.Parse(f.Path, text) : f);
            if (IsaCompiler.Revise(bound, SpecSet.Group(now).Isas.Single()) is not { } revision)
            {
                bound = IsaCompiler.Bind(bound.Files);
                continue;
            }
            revised++;
            // The places of what was not changed are those in former texts.
            Assert.Equal(Verdicts(IsaCompiler.Bind(revision.Files)).Select(v => Places().Replace(v, "")), Verdicts(revision).Select(v => Places().Replace(v, "")));
            (bound, files, texts[file.Path]) = (revision, now, text);
        }
        Assert.True(revised > 0);
    }

    private static string[] Verdicts(BoundIsa isa) =>
    [
        .. isa.Instances.SelectMany(i => PopekGoldbergAnalysis.Run(i.Model, i.Facts!).Profiles.SelectMany(p => p.Forms.Select(f =>
            $"{i.Name} {p.Name} {f.Form.Instruction.Name} {f.Form.Text}: {f.Class} traps {f.Traps} privileged {f.Privileged} [{string.Join(",", f.Kinds)}] {f.CriticalRoles} user {f.UserDifference is not null} "
            + $"{string.Join(";", f.Access.Select(a => $"{a.Mode} {a.Kind} {a.Trapping}"))} {(f.Difference is { } d ? Explanation.Sentence(d) : "")}"))),
    ];

    [GeneratedRegex(@" \(line \d+\)", RegexOptions.CultureInvariant)]
    private static partial Regex Places();
}
