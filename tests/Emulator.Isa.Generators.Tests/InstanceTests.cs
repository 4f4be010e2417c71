using Microsoft.CodeAnalysis;

namespace Emulator.Isa.Generators.Tests;

/// <summary>What is generated for an instruction set with several instances besides the instances: the states they share.</summary>
public sealed class InstanceTests
{
    private const string Spec = """
        /// Two widths of the same machine.
        isa pair {
          param W in {8, 16};
          instance narrow { W = 8 }
          instance wide { W = 16 }

          trap illegal = 1 fault undefined;

          state X[8] : u<W> { [0] = 0; }
          /// As many elements as bytes: not the same in both.
          state PART[W / 4] : u8;
          state PC : u16 pc;
          state FLAGS : u8 { Z@0; }
          memory mem : u16 little bus;

          function code(pc: u16) : u16 { return pc; }

          decode words fetch mem by code {
            format R : 16 { op @15:12; f @11:9; rs2 @8:6; rs1 @5:3; rd @2:0 }
          }

          instruction ADD innocuous {
            form R { op = 1, f = 0 };
            asm "add x{rd:d}, x{rs1:d}, x{rs2:d}";
            do { X[rd] = X[rs1] + X[rs2]; Z = X[rs1] == X[rs2]; PART[0] = 1; }
          }
        }
        """;

    private const string Runner = """
        using System;
        using Demo;

        public static class Runner
        {
            public static string Run() => Of<NarrowState>() + ", " + Of<WideState>();

            private static string Of<T>()
                where T : unmanaged, IPairState
            {
                T s = default;
                s.PC = 0x4321;
                s.FLAGS_Z = 1;
                s.X(0, 7);
                s.X(3, 0xABCD);
                return $"{s.PC:x} {s.FLAGS_Z} {s.X(0)} {s.X(3):x}";
            }
        }
        """;

    [Fact]
    public void GenericCodeSharesTheStatesOfAllInstances()
    {
        var run = GeneratorRun.Of([new SpecText("pair/pair.isa", Spec)]);
        Assert.Equal([], run.Diagnostics());
        var assembly = CompiledSpec.Load(run, Runner, OptimizationLevel.Release).Assembly;
        Assert.Equal("4321 1 0 cd, 4321 1 0 abcd", assembly.GetType("Runner")!.GetMethod("Run")!.Invoke(null, null));
        Type common = assembly.GetType("Demo.IPairState")!;
        Assert.Equal(["FLAGS_Z", "PC", "X", "X"], common.GetProperties().Select(p => p.Name).Concat(common.GetMethods().Where(m => !m.IsSpecialName).Select(m => m.Name)).Order(StringComparer.Ordinal));
        Assert.Contains("Pair.CommonState.g.cs", run.Sources().Select(s => s.Name));
    }

    [Fact]
    public void AnInstructionSetWithOneInstanceHasNone() =>
        Assert.DoesNotContain("CommonState", string.Join(' ', GeneratorRun.Of(TestSpecs.Load("words")).Sources().Select(s => s.Name)), StringComparison.Ordinal);
}
