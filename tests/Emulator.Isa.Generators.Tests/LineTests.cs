using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;

namespace Emulator.Isa.Generators.Tests;

/// <summary>In Debug builds, debuggers and stack traces see the spec and not the generated code.</summary>
public sealed class LineTests
{
    private const string Runner = """
        using System;
        using System.Collections.Generic;
        using Demo;
        using Emulator.Runtime;

        public sealed unsafe class Externs : BytesExterns
        {
            public override void Tell(CpuHeader* h, uint value) => throw new InvalidOperationException($"told {value}");
        }

        public static unsafe class Runner
        {
            public static string Run(byte[] program, long budget)
            {
                var memory = new PhysicalMemory(16);
                memory.AddRam(0, 0x1000);
                for (int i = 0; i < program.Length; i++) memory.Write((ulong)i, 1, program[i]);
                using var cpu = new Cpu<BytesIsa>(new CpuOptions { Buses = new Dictionary<string, Bus> { ["mem"] = memory }, Externs = new Externs(), CodeCacheSize = 1 << 20 });
                try { cpu.Run(budget); } catch (InvalidOperationException e) { return e.ToString(); }
                var s = (BytesState*)cpu.State;
                return $"{s->R[0]} {s->R[1]} {s->R[2]} {s->R[3]} pc {cpu.Pc} z {s->FLAGS_Z} c {s->FLAGS_C} after {cpu.Instructions}";
            }
        }
        """;

    private static (Func<byte[], long, string> Run, byte[] Pdb) Compile(OptimizationLevel level, bool lines)
    {
        var run = GeneratorRun.Of(TestSpecs.Load("bytes"), ("IsaLines", lines ? "true" : ""));
        var (assembly, pdb) = CompiledSpec.Load(run, Runner, level);
        return (assembly.GetType("Runner")!.GetMethod("Run")!.CreateDelegate<Func<byte[], long, string>>(), pdb);
    }

    /// <summary>mov r0, 200; mov r1, 100; add r0, r1; add r0, 1; div r1 (after the carry: 45 / 100).</summary>
    private static readonly byte[] Program = [0x30, 200, 0x31, 100, 0x21, 0x10, 0x00, 1, 0xFF];

    [Theory]
    [InlineData(OptimizationLevel.Debug, true)]
    [InlineData(OptimizationLevel.Release, false)]
    public void GeneratedCodeRuns(OptimizationLevel level, bool lines)
    {
        var (run, _) = Compile(level, lines);
        Assert.Equal("44 100 0 0 pc 5 z 0 c 1 after 3", run(Program, 3));
        Assert.Equal("45 100 0 0 pc 8 z 0 c 0 after 4", run(Program, 4));
    }

    [Fact]
    public void StackTraceNamesTheSpecsLine()
    {
        string[] spec = TestSpecs.Load("bytes").Single(s => s.Path == "bytes/alu.isa").Text.Split('\n');
        int line = Array.FindIndex(spec, l => l.Contains("tell(R0);", StringComparison.Ordinal)) + 1;
        var (run, _) = Compile(OptimizationLevel.Debug, lines: true);
        string trace = run([0x30, 7, 0xF0], 10);
        Assert.StartsWith("System.InvalidOperationException: told 7", trace);
        Assert.Contains($"BytesHandlers.TELL_", trace, StringComparison.Ordinal);
        Assert.Contains($"bytes/alu.isa:line {line}", trace, StringComparison.Ordinal);
    }

    [Fact]
    public void SequencePointsOfHandlersLieInTheSpec()
    {
        var (_, pdb) = Compile(OptimizationLevel.Debug, lines: true);
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(pdb));
        var reader = provider.GetMetadataReader();
        var lines = new SortedSet<int>();
        foreach (var handle in reader.MethodDebugInformation)
        {
            foreach (var point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
            {
                if (!point.IsHidden && reader.GetString(reader.GetDocument(point.Document).Name) == "bytes/alu.isa") lines.Add(point.StartLine);
            }
        }
        string[] spec = TestSpecs.Load("bytes").Single(s => s.Path == "bytes/alu.isa").Text.Split('\n');
        Assert.NotEmpty(lines);
        // Every statement of a body has its own, and nothing but statements has one.
        var statements = Enumerable.Range(1, spec.Length).Where(n => spec[n - 1] is var l && (l.StartsWith("    ", StringComparison.Ordinal) || l.StartsWith("  do { ", StringComparison.Ordinal)) && l.TrimEnd().Length > 4);
        Assert.Equal(statements, lines);
    }

    [Fact]
    public void ReleaseBuildsNameNoLines() =>
        Assert.All(GeneratorRun.Of(TestSpecs.Load("bytes")).Sources(), s => Assert.DoesNotContain("#line", s.Text, StringComparison.Ordinal));
}
