using System.Diagnostics;
using System.Text.RegularExpressions;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Emit;
using FsCheck;
using FsCheck.Fluent;

namespace Emulator.Isa.Tests.Binding;

/// <summary>
/// Specs damaged at random end in a finding or in a valid model, through binder, analyses and back end; never in a defect of the compiler. Damage is mostly done to
/// whole words, so that the text still parses and reaches the binder.
/// </summary>
public sealed partial class BinderPropertyTests
{
    private static readonly string Kitchen = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Binding", "Kitchen.isa"));

    private static readonly (string Path, string Text)[] X86 = [.. Repository.Specs().Where(p => p.StartsWith("isa/x86/", StringComparison.Ordinal)).Select(p => (p, Repository.Read(p)))];

    [GeneratedRegex(@"\w+|[^\w\s]+|\s+")]
    private static partial Regex Word();

    /// <summary>One change of a text's words; the numbers are taken modulo what there is.</summary>
    private sealed record Damage(int Kind, int At, int Other);

    private static readonly Gen<Damage> Damages =
        from kind in Gen.Choose(0, 9)
        from at in Gen.Choose(0, 1_000_000)
        from other in Gen.Choose(0, 1_000_000)
        select new Damage(kind, at, other);

    private static readonly string[] Numbers = ["0", "1", "2", "7", "8", "31", "32", "33", "64", "127", "128", "129", "255", "65536", "4294967296", "340282366920938463463374607431768211456"];

    private static string Apply(string text, Damage damage)
    {
        var words = Word().Matches(text).Select(m => m.Value).ToList();
        if (words.Count == 0) return text;
        int at = damage.At % words.Count;
        if (damage.Kind < 5)
        {
            // A word for a word of the same kind.
            char first = words[at][0];
            var same = words.Where(w => char.IsLetter(w[0]) == char.IsLetter(first) && char.IsDigit(w[0]) == char.IsDigit(first) && char.IsWhiteSpace(w[0]) == char.IsWhiteSpace(first)).ToList();
            words[at] = same[damage.Other % same.Count];
            return string.Concat(words);
        }
        string[] lines = text.Split('\n');
        int line = damage.At % lines.Length, target = damage.Other % lines.Length;
        switch (damage.Kind)
        {
            case 5:
                int digit = words.FindIndex(at, w => char.IsDigit(w[0]));
                if (digit >= 0) words[digit] = Numbers[damage.Other % Numbers.Length];
                return string.Concat(words);
            case 6:
                words.RemoveAt(at);
                return string.Concat(words);
            case 7:
                return string.Join('\n', lines.Where((_, i) => i != line));
            case 8:
                (lines[line], lines[target]) = (lines[target], lines[line]);
                return string.Join('\n', lines);
            default:
                return string.Join('\n', lines.Take(line).Append(lines[target]).Concat(lines.Skip(line)));
        }
    }

    private static void Check((string Path, string Text)[] files, bool emit)
    {
        var compilation = IsaCompilation.Create(files);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            Assert.False(diagnostic.Id == InternalDiagnostics.Failure.Id, diagnostic.Message);
            Assert.NotEqual("", diagnostic.Message);
            foreach (var span in diagnostic.Related.Select(r => r.Span).Prepend(diagnostic.Span))
            {
                string text = files.Single(f => f.Path == span.File).Text;
                Assert.InRange(span.Start, 0, text.Length);
                Assert.InRange(span.Start + span.Length, span.Start, text.Length);
                Assert.True(span is { Line: >= 1, Column: >= 1 });
            }
        }
        if (compilation.HasErrors) return;
        Assert.NotEmpty(compilation.Isas);
        foreach (var isa in compilation.Isas)
        {
            Assert.True(isa.CanEmit);
            Assert.All(isa.Instances, i => Assert.NotNull(i.Facts));
            if (!emit) continue;
            var emitted = IsaCompiler.Emit(isa, new EmitOptions("Demo"));
            Assert.Equal([], emitted.Diagnostics.Select(d => d.Message));
        }
    }

    [Fact]
    public void TheKitchenIsClean() => Assert.Equal([], IsaCompilation.Create([("kitchen.isa", Kitchen)]).Diagnostics.Select(d => d.ToString()));

    [Fact]
    public void DamagedKitchen()
    {
        var texts = Damages.ListOf(3).SelectMany(d => Gen.Choose(1, 3), (d, n) => d.Take(n).Aggregate(Kitchen, Apply));
        Prop.ForAll(texts.ToArbitrary(), text => Check([("kitchen.isa", text)], emit: true)).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    /// <summary>The real spec takes a while to bind, so time bounds the number of tries.</summary>
    [Fact]
    public void DamagedX86()
    {
        var watch = Stopwatch.StartNew();
        var damages = Damages.SelectMany(d => Gen.Choose(0, X86.Length - 1), (d, file) => (Damage: d, File: file));
        int tries = 0;
        Prop.ForAll(damages.ToArbitrary(), d =>
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(20)) return;
            tries++;
            Check([.. X86.Select((f, i) => i == d.File ? (f.Path, Apply(f.Text, d.Damage)) : f)], emit: false);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.True(tries >= 5, $"only {tries} tries within the time");
    }
}
