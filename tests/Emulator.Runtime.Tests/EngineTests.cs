using Emulator.Runtime.Tests.Toy;
using static Emulator.Runtime.Tests.Toy.ToyMachine;

namespace Emulator.Runtime.Tests;

public sealed unsafe class EngineTests
{
    /// <summary>A loop of three blocks with stores, a call handled at the vector, a device access and a restartable fill.</summary>
    private static ToyMachine Mixed()
    {
        var m = new ToyMachine();
        m.Put(0,
            Op(ToyOp.Add, 1, 0, 5),
            Op(ToyOp.Add, 3, 0, 0x60),
            Op(ToyOp.AddReg, 3, 3),
            Op(ToyOp.Store, 1, 3, 0x40),
            Op(ToyOp.Call, 0, 0, 7),
            Op(ToyOp.Add, 2, 2, 1),
            Op(ToyOp.Fill),
            Op(ToyOp.Load, 4, 5, 0),
            Op(ToyOp.Add, 6, 6, 1),
            Op(ToyOp.In, 7, 0, 0),
            Op(ToyOp.Modify, 6, 3, 8),
            Branch(ToyOp.BranchNotZero, 2, -44),
            Op(ToyOp.Stop));
        m.Put(Toy.Toy.Vector, Op(ToyOp.Add, 7, 7, 1), Op(ToyOp.Return));
        m.State->R[5] = (uint)Device;
        return m;
    }

    [Fact]
    public void EveryBudgetEndsInTheStateSteppingGives()
    {
        const int Total = 120;
        using var stepped = Mixed();
        var hashes = new List<string>();
        for (var i = 0; i < Total; i++)
        {
            Assert.Equal(new RunResult(RunReason.Budget, 1), stepped.Cpu.Step());
            hashes.Add(stepped.Cpu.HashState());
        }

        for (var budget = 1; budget <= Total; budget++)
        {
            using var run = Mixed();
            Assert.Equal(new RunResult(RunReason.Budget, budget), run.Cpu.Run(budget));
            Assert.Equal(hashes[budget - 1], run.Cpu.HashState());
            Assert.Equal(stepped.Log.Take(run.Log.Count), run.Log);
            for (var rest = budget; rest + budget <= Total; rest += budget)
            {
                run.Cpu.Run(budget);
                Assert.Equal(hashes[rest + budget - 1], run.Cpu.HashState());
            }
        }
    }

    [Fact]
    public void DevicesSeeTheExactTimeInTheMiddleOfABlock()
    {
        using var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Load, 2, 5, 0), Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Store, 1, 5, 4), Op(ToyOp.Stop));
        m.State->R[5] = (uint)Device;
        Assert.Equal(RunReason.Stopped, m.Cpu.Run(1000).Reason);
        Assert.Equal(["r0.4@2", "w4.4=2@4"], m.Log);
        Assert.Equal(5, m.Cpu.Instructions);
    }

    [Fact]
    public void ABlockThatModifiesItselfExecutesTheNewBytes()
    {
        using var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Store, 1, 0, 8), Op(ToyOp.Add, 2, 2, 1), Op(ToyOp.Add, 2, 2, 1), Op(ToyOp.Add, 3, 3, 1), Op(ToyOp.Stop));
        m.State->R[1] = Op(ToyOp.Add, 2, 2, 100);
        Assert.Equal(new RunResult(RunReason.Stopped, 5), m.Cpu.Run(1000));
        Assert.Equal(101u, m.State->R[2]);
        Assert.Equal(1u, m.State->R[3]);
        Assert.Equal(1, m.Cpu.Engine.Statistics.BlocksDropped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void APartOfABlockThatModifiesItselfIsLeftToo(int budget)
    {
        using var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Store, 1, 0, 4), Op(ToyOp.Add, 2, 2, 1), Op(ToyOp.Add, 3, 3, 1), Op(ToyOp.Add, 3, 3, 1), Op(ToyOp.Stop));
        m.State->R[1] = Op(ToyOp.Add, 2, 2, 100);
        Assert.Equal(new RunResult(RunReason.Budget, budget), m.Cpu.Run(budget));
        m.Cpu.Run(5 - budget);
        Assert.Equal((100u, 2u, (byte)1), (m.State->R[2], m.State->R[3], m.State->Dead));
    }

    [Fact]
    public void DataNextToCodeIsWrittenWithoutDroppingIt()
    {
        using var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Add, 1, 0, 100), Op(ToyOp.Store, 1, 0, 0x40), Op(ToyOp.Add, 1, 1, -1), Branch(ToyOp.BranchNotZero, 1, -8), Op(ToyOp.Stop));
        Assert.Equal(RunReason.Stopped, m.Cpu.Run(1000).Reason);
        Assert.Equal(1u, m.Word(0x40));
        Assert.Equal(0, m.Cpu.Engine.Statistics.BlocksDropped);
    }

    [Fact]
    public void WritesOfOthersDropCode()
    {
        using var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Add, 1, 1, 1), Branch(ToyOp.Jump, 0, -4));
        m.Cpu.Run(100);
        m.Memory.CopyIn(0, BitConverter.GetBytes(Op(ToyOp.Add, 2, 2, 1)));
        m.Cpu.Run(100);
        Assert.Equal((50u, 50u), (m.State->R[1], m.State->R[2]));
    }

    [Fact]
    public void RejectedBytesTrapWhenReached()
    {
        using var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Add, 1, 1, 1), 0xEE);
        m.Put(Toy.Toy.Vector, Op(ToyOp.Stop));
        Assert.Equal(new RunResult(RunReason.Budget, 1), m.Cpu.Run(1));
        Assert.Equal(0, m.State->InTrap);
        Assert.Equal(new RunResult(RunReason.Stopped, 2), m.Cpu.Run(10));
        Assert.Equal(((uint)Toy.Toy.TrapUndefined, 0xEEul, 4u), (m.State->Cause, m.State->CauseA, m.State->SavedPc));
        Assert.Equal(1, m.Cpu.Engine.TrapCounts[Toy.Toy.TrapUndefined]);
    }

    [Fact]
    public void RejectedBytesThatAreWrittenDecodeAfresh()
    {
        using var m = new ToyMachine();
        m.Put(0, 0xEE);
        m.Put(Toy.Toy.Vector, Op(ToyOp.Store, 1, 0, 0), Op(ToyOp.Return));
        m.State->R[1] = Op(ToyOp.Stop);
        Assert.Equal(new RunResult(RunReason.Stopped, 4), m.Cpu.Run(10));
    }

    [Fact]
    public void ATrapInTheHandlerStops()
    {
        using var m = new ToyMachine();
        m.Put(0, 0xEE);
        m.Put(Toy.Toy.Vector, 0xEE);
        Assert.Equal(new RunResult(RunReason.Stopped, 2), m.Cpu.Run(10));
    }

    [Fact]
    public void AFullArenaStartsAfresh()
    {
        using var m = new ToyMachine(codeCacheSize: 1 << 16);
        for (uint i = 0; i < 0x8000; i += 8)
        {
            m.Put(0x1000 + i, Op(ToyOp.Add, 1, 1, 1), Branch(ToyOp.Jump, 0, 4));
        }

        m.Put(0x9000, Op(ToyOp.Stop));
        m.State->Pc = 0x1000;
        Assert.Equal(RunReason.Stopped, m.Cpu.Run(100000).Reason);
        Assert.Equal(0x1000u, m.State->R[1]);
        Assert.True(m.Cpu.Engine.Statistics.ArenaFlushes > 1);
    }

    [Fact]
    public void BlocksLongerThanTheLimitGoOn()
    {
        using var m = new ToyMachine();
        for (uint i = 0; i < 200; i++)
        {
            m.Put(4 * i, Op(ToyOp.Add, 1, 1, 1));
        }

        m.Put(800, Op(ToyOp.Stop));
        Assert.Equal(new RunResult(RunReason.Stopped, 201), m.Cpu.Run(1000));
        Assert.Equal(200u, m.State->R[1]);
    }

    [Fact]
    public void AnObserverSeesEveryInstructionAndTrap()
    {
        using var m = Mixed();
        using var plain = Mixed();
        var observer = new Recorder();
        m.Cpu.Engine.Observer = observer;
        m.Cpu.Run(100);
        plain.Cpu.Run(100);
        Assert.Equal(plain.Cpu.HashState(), m.Cpu.HashState());
        Assert.InRange(observer.Started.Count, 50, 100);
        Assert.Equal(observer.Started.Count, observer.Finished);
        Assert.Contains(Toy.Toy.TrapCall, observer.Traps);
        Assert.Equal([0UL, 4, 8, 12, 16, 0x100, 0x104, 20, 24], observer.Started.Take(9));
    }

    [Fact]
    public void StopAndPostWorkFromOtherThreads()
    {
        using var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Add, 1, 1, 1), Branch(ToyOp.Jump, 0, -4));
        var posted = false;
        using var timer = new Timer(_ => m.Cpu.Post(() => { posted = true; m.Cpu.Stop(); }), null, 20, Timeout.Infinite);
        var result = m.Cpu.Run(long.MaxValue);
        Assert.Equal(RunReason.StopRequested, result.Reason);
        Assert.True(posted);
        Assert.Equal(result.Instructions, m.Cpu.Instructions);
        Assert.Equal(m.Cpu.Instructions, 2 * m.State->R[1] - (m.State->Pc == 4 ? 1 : 0));
    }

    [Fact]
    public void SnapshotsGoOnAsTheOriginal()
    {
        using var m = Mixed();
        m.Cpu.Run(33);
        using var stream = new MemoryStream();
        m.Cpu.Save(new BinaryWriter(stream));
        m.Cpu.Run(50);

        using var other = Mixed();
        other.Cpu.Run(7);
        stream.Position = 0;
        Assert.True(other.Cpu.Restore(new BinaryReader(stream)));
        Assert.Equal(33, other.Cpu.Instructions);
        other.Cpu.Run(50);
        Assert.Equal(m.Cpu.HashState(), other.Cpu.HashState());

        stream.SetLength(stream.Length / 2);
        stream.Position = 0;
        Assert.False(other.Cpu.Restore(new BinaryReader(stream)));
    }

    private sealed class Recorder : IExecutionObserver
    {
        public List<ulong> Started { get; } = [];

        public List<int> Traps { get; } = [];

        public int Finished { get; private set; }

        public void OnStarting(CpuHeader* state, DecodedOp* operation) => Started.Add(operation->Pc);

        public void OnFinished(CpuHeader* state) => Finished++;

        public void OnTrap(CpuHeader* state, int trap, ulong a, ulong b) => Traps.Add(trap);
    }
}
