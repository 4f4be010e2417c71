using System.Text;
using Emulator.Isa.Syntax;
using FsCheck;
using FsCheck.Fluent;

namespace Emulator.Isa.Tests.Syntax;

/// <summary>Spec text damaged at random never throws, always ends, and what is found lies inside the file.</summary>
public sealed class MutationTests
{
    private static readonly string[] Fragments =
    [
        "{", "}", "(", ")", "[", "]", "<", ">", ">>", ";", ",", ":", "::", ".[", ".{", "..", "=>", "=", "\"", "/*", "*/", "//", "///", "@", "#", "\0", "\uD800", "é",
        "0x", "0F", "1_", "99999999999999999999999", "u", "u<", "u999", "ref<", "match", "if", "else", "in", "as", "when", "form", "names", "state", "\ninstruction X ", "\nisa y {", "on write",
        "-", "!", "?", "\\", "\r", "\r\n", "_", "true", "\"{x<", "\"{\"", "\"\\q\"",
    ];

    private static readonly string[] Originals = [.. Repository.Specs().Select(Repository.Read), Small];

    private const string Small = """
        isa demo { include "a.isa"; param N in {1, 2}; instance one { N = 1 } }
        state R[4] : u32 names A B C D { view<8>[i] = self[i].[7:0] names a b c d; [0] = 0; }
        decode bytes max 4 else UD fetch m by f { field x : u8 slash reg { reg@5:3 } operand E<w> { when x.reg == 3: R[0]; after p: m<w>[1] text t<w>; } text t<w> = "[{x}]"; }
        instruction I sensitive "why" { form 0F 01 /r (a: E<8>) lockable; require A == 0 else GP(0); do { a = match a { 0 => 1; _ => zext<8>(a)>>1 }; } }
        """;

    private sealed record Damage(int Original, int At, int Length, int Fragment, int Kind);

    private static Gen<Damage> Damages() =>
        from original in Gen.Choose(0, Originals.Length - 1)
        from at in Gen.Choose(0, Math.Max(0, Originals[original].Length - 1))
        from length in Gen.Choose(1, 40)
        from fragment in Gen.Choose(0, Fragments.Length - 1)
        from kind in Gen.Choose(0, 4)
        select new Damage(original, at, length, fragment, kind);

    private static string Apply(string text, Damage damage)
    {
        int at = Math.Min(damage.At, text.Length), length = Math.Min(damage.Length, text.Length - at);
        return damage.Kind switch
        {
            0 => text[..at],
            1 => text.Remove(at, length),
            2 => text.Insert(at, Fragments[damage.Fragment]),
            3 => text.Remove(at, length).Insert(at, Fragments[damage.Fragment]),
            _ => text.Insert(at, text.Substring(Math.Max(0, at - length), Math.Min(length, at))),
        };
    }

    /// <summary>What must hold of the result of parsing anything.</summary>
    private static void Check(string text)
    {
        var file = SpecParser.Parse("test.isa", text);
        foreach (var diagnostic in file.Diagnostics)
        {
            Assert.Equal("test.isa", diagnostic.Span.File);
            Assert.InRange(diagnostic.Span.Start, 0, text.Length);
            Assert.InRange(diagnostic.Span.Start + diagnostic.Span.Length, 0, text.Length);
            Assert.True(diagnostic.Span is { Line: >= 1, Column: >= 1, Length: >= 0 });
            Assert.NotEqual("", diagnostic.Message);
        }
        if (file.Diagnostics.IsEmpty)
        {
            // A file without findings is completely understood: nothing stands for what was missing.
            string dump = string.Concat(file.Declarations.Select(Dump.Of));
            Assert.DoesNotContain("missing", dump);
            Assert.DoesNotContain("(Name= ", dump);
        }
        SpecSet.Group([file]);
    }

    [Fact]
    public void DamagedSpecs()
    {
        var generator =
            from first in Damages()
            from more in Damages().ListOf(3)
            from count in Gen.Choose(0, 3)
            select more.Take(count).Aggregate(Apply(Originals[first.Original], first), Apply);
        Prop.ForAll(generator.ToArbitrary(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void HeapsOfFragments()
    {
        var generator = Gen.Choose(0, Fragments.Length - 1).Select(i => Fragments[i]).ListOf().Select(parts =>
            parts.Aggregate(new StringBuilder(), (text, part) => text.Append(part).Append(part.Length % 2 == 0 ? " " : "")).ToString());
        Prop.ForAll(generator.ToArbitrary(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(400));
    }

    [Fact]
    public void AnyText() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => Check(text ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    /// <summary>Cut anywhere inside a block, a spec always has a finding.</summary>
    [Fact]
    public void CutSpecsAreFound()
    {
        string text = Small[(Small.IndexOf('\n') + 1)..];
        for (int length = 1; length < text.Length; length++)
        {
            string cut = text[..length];
            Check(cut);
            int open = cut.Count(c => c == '{') - cut.Count(c => c == '}');
            if (open > 0) Assert.NotEmpty(SpecParser.Parse("test.isa", cut).Diagnostics);
        }
    }
}
