using Emulator.Runtime.Tests.Toy;
using static Emulator.Runtime.Tests.Toy.ToyMachine;

namespace Emulator.Runtime.Tests;

/// <summary>Programs of random instructions that overwrite themselves, fault, touch devices and are interrupted: however they are cut into runs, they do the same.</summary>
public sealed unsafe class RandomProgramTests
{
    private static readonly ToyOp[] s_ops =
    [
        ToyOp.Add, ToyOp.Add, ToyOp.AddReg, ToyOp.Load, ToyOp.Store, ToyOp.Store, ToyOp.Jump, ToyOp.BranchNotZero, ToyOp.BranchNotZero, ToyOp.Call, ToyOp.Enable,
        ToyOp.Out, ToyOp.In, ToyOp.Flush, ToyOp.Fill, ToyOp.Nop1, ToyOp.Modify, ToyOp.SetUser,
    ];

    private static ToyMachine Make(int seed)
    {
        var random = new Random(seed);
        var m = new ToyMachine();
        if (seed % 2 == 0)
        {
            m.EnablePaging();
        }

        for (uint address = 0; address < 0x2400; address += 4)
        {
            var op = random.Next(40) == 0 ? (ToyOp)random.Next(256) : s_ops[random.Next(s_ops.Length)];
            var isBranch = op is ToyOp.Jump or ToyOp.BranchNotZero;
            m.Put(address, isBranch ? Branch(op, random.Next(8), 4 * random.Next(-40, 40)) : Op(op, random.Next(8), random.Next(8), random.Next(256)));
        }

        m.Put(Toy.Toy.Vector, Op(ToyOp.Add, 7, 7, 1), Op(ToyOp.Return));
        m.State->Pc = 0x1000;
        for (var i = 0; i < 8; i++)
        {
            m.State->R[i] = i == 1 ? 20 : (uint)(random.Next(5) == 0 ? (int)Device : random.Next(0x800, 0x2400));
        }

        for (var i = 0; i < 10; i++)
        {
            m.Cpu.Clock.Schedule(random.Next(1, 3000), m.RaiseLine);
        }

        return m;
    }

    [Fact]
    public void RunsDoNotDependOnHowTheyAreCut()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            using var stepped = Make(seed);
            using var run = Make(seed);
            using var pieces = Make(seed);
            var random = new Random(seed);
            var total = 0L;
            while (total < 3000)
            {
                // A step that finds the CPU idle for good has passed time: the others must look for one instruction more, too.
                total++;
                if (stepped.Cpu.Step().Reason != RunReason.Budget)
                {
                    break;
                }
            }

            run.Cpu.Run(total);
            var left = total;
            while (left > 0)
            {
                var result = pieces.Cpu.Run(Math.Min(left, random.Next(1, 100)));
                left -= result.Instructions;
                if (result.Reason != RunReason.Budget)
                {
                    break;
                }
            }

            Assert.True(stepped.Cpu.Instructions == run.Cpu.Instructions, $"seed {seed}: {stepped.Cpu.Instructions} steps, {run.Cpu.Instructions} run");
            Assert.True(stepped.Log.SequenceEqual(run.Log), $"seed {seed}: devices differ");
            Assert.True(stepped.Cpu.HashState() == run.Cpu.HashState(), $"seed {seed}: run differs from stepping after {total}");
            Assert.True(stepped.Cpu.HashState() == pieces.Cpu.HashState(), $"seed {seed}: pieces differ from stepping after {total}");
        }
    }
}
