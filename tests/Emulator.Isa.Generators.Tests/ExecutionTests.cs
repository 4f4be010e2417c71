using Microsoft.CodeAnalysis;

namespace Emulator.Isa.Generators.Tests;

/// <summary>What is generated from the small byte-encoded spec, compiled and executed.</summary>
public sealed class ExecutionTests
{
    private const string Runner = """
        using System;
        using System.Collections.Generic;
        using Demo;
        using Emulator.Runtime;

        public sealed unsafe class Externs : BytesExterns
        {
            public override void Tell(CpuHeader* h, uint value) { }
        }

        public sealed unsafe class Last : IExecutionObserver
        {
            public DecodedOp Operation;

            public int Trap = -1;

            public void OnStarting(CpuHeader* h, DecodedOp* op) => Operation = *op;

            public void OnFinished(CpuHeader* h) { }

            public void OnTrap(CpuHeader* h, int trap, ulong a, ulong b) => Trap = trap;
        }

        public static unsafe class Runner
        {
            private static Cpu<BytesIsa> Create(byte[] program)
            {
                var memory = new PhysicalMemory(16);
                memory.AddRam(0, 0x1000);
                for (int i = 0; i < program.Length; i++) memory.Write((ulong)i, 1, program[i]);
                return new Cpu<BytesIsa>(new CpuOptions { Buses = new Dictionary<string, Bus> { ["mem"] = memory }, Externs = new Externs(), CodeCacheSize = 1 << 20 });
            }

            private static string Show(Cpu<BytesIsa> cpu)
            {
                var s = (BytesState*)cpu.State;
                return $"{s->R[0]} {s->R[1]} {s->R[2]} {s->R[3]} pc {cpu.Pc} z {s->FLAGS_Z} c {s->FLAGS_C} after {cpu.Instructions}";
            }

            public static string Run(byte[] program, long budget)
            {
                using var cpu = Create(program);
                cpu.Run(budget);
                return Show(cpu);
            }

            /// <summary>Runs to a trap, then has the trap dispatch table's handler carry the operation out on another machine.</summary>
            public static string Dispatch(byte[] program, long budget, byte r0, byte r1)
            {
                using var real = Create(program);
                var last = new Last();
                real.Engine.Observer = last;
                real.Run(budget);
                var handler = BytesIsa.TrapHandler(last.Trap, last.Operation.Variant);
                if (handler == null) return $"trap {last.Trap} has no handler";
                using var own = Create([]);
                var s = (BytesState*)own.State;
                s->R[0] = r0;
                s->R[1] = r1;
                var ops = stackalloc DecodedOp[2];
                ops[0] = last.Operation;
                ops[1] = default;
                ops[1].Handler = &End;
                handler(own.State, ops);
                return $"{s->R[0]} {s->R[1]} trap {own.State->Trap}";
            }

            private static DecodedOp* End(CpuHeader* h, DecodedOp* op) => null;
        }
        """;

    /// <summary>mov r0, 200; mov r1, 100; add r0, r1; add r0, 1; div r1 (after the carry: 45 / 100).</summary>
    private static readonly byte[] Program = [0x30, 200, 0x31, 100, 0x21, 0x10, 0x00, 1, 0xFF];

    private static Func<byte[], long, string> Compile(GeneratorRun run, params string[] symbols) =>
        CompiledSpec.Load(run, Runner, OptimizationLevel.Release, symbols).Assembly.GetType("Runner")!.GetMethod("Run")!.CreateDelegate<Func<byte[], long, string>>();

    /// <summary>Handlers that return to a loop instead of calling the next one compute the same, in the same number of instructions.</summary>
    [Fact]
    public void LoopDispatchComputesTheSame()
    {
        var chained = Compile(GeneratorRun.Of(TestSpecs.Load("bytes")));
        var looped = Compile(GeneratorRun.Of(TestSpecs.Load("bytes")), "EMULATOR_LOOP_DISPATCH");
        for (int budget = 1; budget <= 5; budget++) Assert.Equal(chained(Program, budget), looped(Program, budget));
        Assert.Equal("45 100 0 0 pc 8 z 0 c 0 after 4", looped(Program, 4));
    }

    [Theory]
    [InlineData("+=", 12, 5, 17)]
    [InlineData("-=", 12, 5, 7)]
    [InlineData("&=", 12, 6, 4)]
    [InlineData("|=", 12, 6, 14)]
    [InlineData("^=", 12, 6, 10)]
    public void CompoundAssignmentsUseTheOldValue(string op, byte left, byte right, byte result)
    {
        var run = GeneratorRun.Of(TestSpecs.Load("bytes")).Edit("bytes/alu.isa", "instruction MOV", $"instruction OPS innocuous {{ form 00; do {{ R0 {op} R1; var x = R1; x {op} R0; R2 = x; }} }}\ninstruction MOV");
        Assert.Equal([], run.Diagnostics());
        byte second = (byte)(op switch { "+=" => right + result, "-=" => right - result, "&=" => right & result, "|=" => right | result, _ => right ^ result });
        Assert.StartsWith($"{result} {right} {second} 0 ", Compile(run)([0x30, left, 0x31, right, 0x00], 3));
    }

    [Fact]
    public void TrapTableCarriesOutWhatTrapped()
    {
        var dispatch = CompiledSpec.Load(GeneratorRun.Of(TestSpecs.Load("bytes")), Runner, OptimizationLevel.Release).Assembly.GetType("Runner")!.GetMethod("Dispatch")!
            .CreateDelegate<Func<byte[], long, byte, byte, string>>();
        // mov r0, 9; div r1, where r1 is 0: on the other machine 42 / 6.
        Assert.Equal("7 6 trap 0", dispatch([0x30, 9, 0x10, 0x09], 2, 42, 6));
        // And where it is 0 there, too, the operation traps and undoes what it did.
        Assert.Equal("42 0 trap 2", dispatch([0x30, 9, 0x10, 0x09], 2, 42, 0));
    }
}
