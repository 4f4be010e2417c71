using System.Reflection;
using Emulator.Isa;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.RiscV;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Replay.Tests;

/// <summary>Every witness, which the interpreter of the IR has shown, shows the same on the generated machine.</summary>
public sealed class ReplayTests
{
    [Theory]
    [InlineData("classic")]
    [InlineData("umip")]
    [InlineData("v8086")]
    public void X86(string profile) => ReplayAll<X86Isa>("x86", "x86", profile, X86Metadata.Instance, o => new X86OutsideExterns(o));

    [Theory]
    [InlineData("umode")]
    public void Rv32(string profile) => ReplayAll<Rv32Isa>("riscv", "rv32", profile, Rv32Metadata.Instance, o => new Rv32OutsideExterns(o));

    [Theory]
    [InlineData("umode")]
    public void Rv64(string profile) => ReplayAll<Rv64Isa>("riscv", "rv64", profile, Rv64Metadata.Instance, o => new Rv64OutsideExterns(o));

    private static void ReplayAll<TIsa>(string folder, string isa, string profile, IsaMetadata metadata, Func<OutsideMachine, object> externs)
        where TIsa : struct, IIsa
    {
        string root = typeof(ReplayTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EmulatorRoot").Value!;
        var spec = IsaCompilation.Create([.. Directory.GetFiles(Path.Combine(root, "isa", folder), "*.isa").Order(StringComparer.Ordinal).Select(p => (Path.GetFileName(p), File.ReadAllText(p)))]);
        var instance = spec.Isas.SelectMany(i => i.Instances).Single(i => i.Name == isa);
        ProfileVerdict verdict = PopekGoldbergAnalysis.Run(instance.Model, instance.Facts!).Profiles.Single(p => p.Name == profile);
        var finder = new WitnessFinder(instance.Model, instance.Facts!);
        var outside = new OutsideMachine();
        using var machine = new GeneratedMachine<TIsa>(instance.Model, metadata, outside, externs(outside));
        Assert.NotEmpty(verdict.RepairSet);
        var wrong = new List<string>();
        foreach (FormVerdict form in verdict.RepairSet)
        {
            Witness witness = finder.Find(form.Form, verdict.Profile, form.Difference!)!;
            string[] expected = [.. witness.Outcomes(instance.Model).Select(o => o.ToString())];
            string[] found = [.. machine.Replay(witness).Outcomes(instance.Model).Select(o => o.ToString())];
            if (!expected.SequenceEqual(found))
            {
                wrong.Add($"{form.Form.Instruction.Name} {form.Form.Text}: interpreter {string.Join(" ", expected)}; generated {string.Join(" ", found)} ; {string.Join(" ", found.Except(expected))}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }
}
