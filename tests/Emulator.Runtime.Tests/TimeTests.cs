using Emulator.Runtime.Tests.Toy;
using static Emulator.Runtime.Tests.Toy.ToyMachine;

namespace Emulator.Runtime.Tests;

public sealed unsafe class TimeTests
{
    private static ToyMachine Loop()
    {
        var m = new ToyMachine();
        m.Put(0, Op(ToyOp.Enable, 0, 0, 1), Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Add, 1, 1, 1), Op(ToyOp.Add, 1, 1, 1), Branch(ToyOp.Jump, 0, -12));
        m.Put(Toy.Toy.Vector, Op(ToyOp.Add, 6, 6, 1), Op(ToyOp.Return));
        return m;
    }

    [Fact]
    public void EventsComeAtTheirInstruction()
    {
        using var m = Loop();
        var seen = new List<(string, long)>();
        m.Cpu.Clock.Schedule(11, () => seen.Add(("b", m.Cpu.Instructions)));
        m.Cpu.Clock.Schedule(10, () =>
        {
            seen.Add(("a", m.Cpu.Instructions));
            m.Cpu.Clock.Schedule(13, () => seen.Add(("c", m.Cpu.Instructions)));
        });
        var cancelled = m.Cpu.Clock.Schedule(12, () => seen.Add(("x", 0)));
        m.Cpu.Clock.Schedule(11, () => seen.Add(("b2", m.Cpu.Instructions)));
        m.Cpu.Clock.Cancel(cancelled);
        m.Cpu.Run(100);
        Assert.Equal([("a", 10), ("b", 11), ("b2", 11), ("c", 13)], seen);
    }

    [Fact]
    public void InterruptsComeAtTheSameInstructionHoweverItRuns()
    {
        using var stepped = Loop();
        using var run = Loop();
        foreach (var m in new[] { stepped, run })
        {
            foreach (var at in new[] { 7, 20, 23, 50 })
            {
                m.Cpu.Clock.Schedule(at, m.RaiseLine);
            }
        }

        for (var i = 0; i < 100; i++)
        {
            stepped.Cpu.Step();
        }

        run.Cpu.Run(100);
        Assert.Equal(4u, run.State->R[6]);
        Assert.Equal(stepped.Cpu.HashState(), run.Cpu.HashState());
    }

    [Fact]
    public void AnEventScheduledByAnInstructionIsNotLate()
    {
        using var m = Loop();
        var at = 0L;
        m.Ports.Map(8, 4, null, (_, _, _) => m.Cpu.Clock.Schedule(m.Cpu.Clock.Now + 3, () => at = m.Cpu.Instructions), 4);
        m.Put(4, Op(ToyOp.Out, 1, 0, 8));
        m.Cpu.Run(4);
        Assert.Equal(0, at);
        m.Cpu.Run(4);
        Assert.Equal(5, at);
    }

    [Fact]
    public void IdleTimePassesAtOnce()
    {
        using var m = Loop();
        m.Put(8, Op(ToyOp.Halt));
        m.Cpu.Clock.Schedule(5000, m.RaiseLine);
        var result = m.Cpu.Run(5);
        Assert.Equal(new RunResult(RunReason.Budget, 5), result);
        Assert.Equal(5002, m.Cpu.Clock.Now);
        Assert.Equal(1u, m.State->R[6]);
        Assert.Equal(12u, m.State->Pc);

        m.State->Pc = 8;
        Assert.Equal(new RunResult(RunReason.Idle, 1), m.Cpu.Run(100));
        Assert.True(m.Cpu.IsIdle);
    }

    [Fact]
    public void EventsThatNeverWakeDoNotRunForEver()
    {
        using var m = Loop();
        m.Put(0, Op(ToyOp.Halt));
        var ticks = 0;
        void Tick()
        {
            ticks++;
            m.Cpu.Clock.Schedule(m.Cpu.Clock.Now + 1_000_000, Tick);
        }

        Tick();
        Assert.Equal(RunReason.Idle, m.Cpu.Run(100).Reason);
        Assert.InRange(ticks, 900, 1100);
    }

    [Fact]
    public void TheWallClockWakesASleepingCpu()
    {
        using var m = new ToyMachine(clock: new Clock { FollowsWallClock = true });
        m.Put(0, Op(ToyOp.Enable, 0, 0, 1), Op(ToyOp.Halt), Op(ToyOp.Stop));
        m.Put(Toy.Toy.Vector, Op(ToyOp.Return));
        var clock = m.Cpu.Clock;
        clock.Schedule(clock.Now + clock.Frequency / 50, m.RaiseLine);
        var start = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(new RunResult(RunReason.Stopped, 4), m.Cpu.Run(1000));
        Assert.True(start.ElapsedMilliseconds >= 15);
    }

    [Fact]
    public void ClockOrdersManyEvents()
    {
        using var m = new ToyMachine();
        var random = new Random(1);
        var clock = m.Cpu.Clock;
        var times = new List<long>();
        var events = Enumerable.Range(0, 200).Select(_ => random.Next(1, 1000)).Select(at => clock.Schedule(at, () => times.Add(clock.Now))).ToList();
        for (var i = 0; i < events.Count; i += 3)
        {
            clock.Cancel(events[i]);
        }

        for (var i = 1; i < events.Count; i += 3)
        {
            clock.Schedule(events[i], random.Next(1, 1000));
        }

        var expected = events.Where(e => e.IsScheduled).Select(e => e.At).Order().ToList();
        m.Put(0, Branch(ToyOp.Jump, 0, 0));
        m.Cpu.Run(1001);
        Assert.Equal(expected, times);
        Assert.DoesNotContain(events, e => e.IsScheduled);
    }
}
