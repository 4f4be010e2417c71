using System.Globalization;
using Emulator.Isa.Analysis.Encodings;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Decoding.Tests;

/// <summary>The encoding analysis against counting, and on the specs of the repository.</summary>
public sealed class EncodingAnalysisTests
{
    private static string[] Findings(IsaModel model)
    {
        var diagnostics = new DiagnosticBag();
        EncodingAnalysis.Run(model, diagnostics);
        return [.. diagnostics.ToImmutable().Select(d => d.ToString())];
    }

    [Fact]
    public void TheX86SpecHasNoConflicts() => Assert.Empty(Findings(Specs.X86));

    /// <summary>What the analysis calls a hole the decoder rejects, with every byte that follows it.</summary>
    [Fact]
    public void TheDecoderRejectsTheHolesOfX86()
    {
        var holes = EncodingAnalysis.Holes(Specs.X86, 1000);
        Assert.Contains(holes, h => h.Always && h.Pattern.StartsWith("0F 04", StringComparison.Ordinal));
        Assert.DoesNotContain(holes, h => h.Pattern == "90");
        var decoder = GeneratedDecoder.X86;
        decoder.Mode(("osz", 32), ("asz", 32), ("ssz", 32));
        Assert.All(holes, h => Assert.Equal("UD(0)", decoder.Decode(h.Example)));
    }

    /// <summary>Every two-byte opcode with every ModRM byte is decoded by some form or lies in a hole, never both.</summary>
    [Fact]
    public void HolesAreAllThatIsRejected()
    {
        var patterns = EncodingAnalysis.Holes(Specs.X86, 1000).Where(h => h.Always).Select(h => h.Pattern.Split(' ').Select(Values).ToArray()).ToArray();
        var decoder = GeneratedDecoder.X86;
        decoder.Mode(("osz", 32), ("asz", 32), ("ssz", 32));
        string[] prefixes = ["", "66", "F2", "F3"];
        for (int opcode = 0; opcode < 256; opcode++)
        {
            for (int modrm = 0; modrm < 256; modrm++)
            {
                byte[] bytes = [0x0F, (byte)opcode, (byte)modrm, .. new byte[8]];
                bool hole = Array.Exists(patterns, p => p.Select((values, k) => values.Contains(bytes[k])).All(b => b));
                string text = Convert.ToHexString(bytes);
                bool matched = Array.Exists(prefixes, p => decoder.Probe.Decode(Convert.FromHexString(p + text), 0) > 0);
                Assert.True(hole != matched, text);
            }
        }
    }

    private static HashSet<byte> Values(string ranges)
    {
        var values = new HashSet<byte>();
        foreach (string range in ranges.Split(','))
        {
            int[] ends = [.. range.Split('-').Select(r => int.Parse(r, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            for (int v = ends[0]; v <= ends[^1]; v++) values.Add((byte)v);
        }
        return values;
    }

    /// <summary>Random formats of eight bits: findings and holes are what going through all 256 words gives.</summary>
    [Fact]
    public void AgreesWithCounting()
    {
        int overlaps = 0, unreachable = 0, unused = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var forms = Enumerable.Range(0, random.Next(2, 7)).Select(k => RandomForm.Next(random, k)).ToArray();
            IsaModel model = Specs.Bind("counted", RandomForm.Spec(forms));
            var diagnostics = new DiagnosticBag();
            EncodingAnalysis.Run(model, diagnostics);
            string[] found = [.. diagnostics.ToImmutable().Select(d => $"{d.Id} I{d.Span.Line - RandomForm.FirstLine}").Order(StringComparer.Ordinal)];
            string[] expected = [.. RandomForm.Findings(forms).Distinct().Order(StringComparer.Ordinal)];
            Assert.True(expected.SequenceEqual(found), $"seed {seed}: expected {string.Join(", ", expected)}; found {string.Join(", ", found)}\n{RandomForm.Spec(forms)}");
            overlaps += found.Count(f => f.StartsWith("ISA2010", StringComparison.Ordinal));
            unreachable += found.Count(f => f.StartsWith("ISA2011", StringComparison.Ordinal));
            unused += found.Count(f => f.StartsWith("ISA2012", StringComparison.Ordinal));

            var holes = EncodingAnalysis.Holes(model, 1000);
            for (int word = 0; word < 256; word++)
            {
                string bits = Convert.ToString(word, 2).PadLeft(8, '0');
                bool hole = holes.Any(h => h.Pattern.Zip(bits).All(b => b.First == '-' || b.First == b.Second));
                Assert.Equal(!forms.Any(f => f.Matches(word)), hole);
            }
        }
        Assert.True(overlaps > 50 && unreachable > 20 && unused > 20, $"{overlaps} {unreachable} {unused}");
    }

    [Fact]
    public void BigSpecsAreAnalysedAtOnce()
    {
        var model = Specs.X86;
        Findings(model);
        var best = Enumerable.Range(0, 10).Min(_ =>
        {
            var before = Environment.CpuUsage.TotalTime;
            Findings(model);
            return Environment.CpuUsage.TotalTime - before;
        });
        Assert.True(best < TimeSpan.FromMilliseconds(200), $"{best.TotalMilliseconds} ms");
    }
}
