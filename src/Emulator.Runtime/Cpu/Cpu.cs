using System.Collections.Concurrent;

namespace Emulator.Runtime;

/// <summary>A CPU of one ISA: state, memories, engine and time.</summary>
/// <remarks>One thread runs it; <see cref="Stop"/> and <see cref="Post"/> may be called from any.</remarks>
public sealed unsafe partial class Cpu<TIsa> : IClockDriver, IDisposable
    where TIsa : struct, IIsa
{
    /// <summary>Instructions between looks at the wall clock.</summary>
    private const long WallSlice = 20_000;

    private readonly NativeBlock _stateMemory;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly long _idleLimit;
    private readonly bool _sharesTranslations;
    private volatile bool _stop;
    private long _instructionsAtZero;
    private long _skipped;

    /// <summary>Makes a CPU and resets it.</summary>
    public Cpu(CpuOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _stateMemory = new NativeBlock((nuint)TIsa.StateSize);
        State = (CpuHeader*)_stateMemory.Pointer;
        _sharesTranslations = options.TranslationsOf != null;
        var memories = TIsa.Memories;
        Context = CpuContext.Create(memories.Length);
        Context.Externs = options.Externs;
        State->ContextId = Context.Id;
        Clock = options.Clock;
        Clock.Driver = this;
        _idleLimit = (long)(options.IdleLimit * Clock.Frequency);
        for (var i = 0; i < memories.Length; i++)
        {
            if (memories[i].IsBus)
            {
                Context.Buses[i] = options.Buses.TryGetValue(memories[i].Name, out var bus) ? bus : new EmptyBus();
            }
        }

        for (var i = 0; i < memories.Length; i++)
        {
            if (!memories[i].IsBus)
            {
                Context.PagedMemories[i] = options.TranslationsOf?.PagedMemories[i] ?? new PagedMemoryOf<TIsa>(Context, State, i, memories[i]);
            }
        }

        BindTables(State, bound: true);
        Engine = new Engine<TIsa>(State, Context, options.CodeCacheSize);
        Reset();
    }

    /// <summary>The state structure in native memory; stays where it is.</summary>
    public CpuHeader* State { get; }

    /// <summary>What generated code finds through the state.</summary>
    public CpuContext Context { get; }

    /// <summary>The engine, for statistics and observers.</summary>
    public Engine<TIsa> Engine { get; }

    /// <summary>What executes in place of the engine; null for none. Changed only between runs.</summary>
    public IExecutor? Executor { get; set; }

    /// <summary>The machine's clock.</summary>
    public Clock Clock { get; }

    /// <summary>Instructions started since creation; during a run exact wherever a device or an extern may look.</summary>
    public long Instructions => _instructionsAtZero - State->Remaining;

    /// <summary>Program counter of the next instruction; setting it is a change from outside.</summary>
    public ulong Pc
    {
        get => TIsa.GetPc(State);
        set => TIsa.SetPc(State, value);
    }

    /// <summary>Whether the spec's `idle` condition holds.</summary>
    public bool IsIdle => TIsa.IsIdle(State);

    /// <summary>Whether the spec's `stopped` condition holds.</summary>
    public bool IsStopped => TIsa.IsStopped(State);

    long IClockDriver.VirtualNow => Instructions + _skipped;

    /// <summary>Puts the CPU into its reset state. Not for devices in the middle of an instruction: they <see cref="Post"/> it.</summary>
    public void Reset()
    {
        Engine.Restart();
        TIsa.Reset(State);
        FlushTranslations();
    }

    /// <summary>Must be called before the state is read from outside, or written in part: computes what was deferred.</summary>
    public void Settle() => TIsa.Settle(State);

    /// <summary>Must be called after the state was changed from outside (debuggers, devices raising lines): recomputes what is derived from it.</summary>
    public void StateChanged()
    {
        TIsa.RecomputeDerived(State);
        State->ContextStale = 1;
    }

    /// <summary>Makes this CPU the one whose instructions are the ticks of a clock it shares with others, from a moment on; between runs only.</summary>
    /// <param name="now">Time in ticks at which its next instruction starts; not used where the clock follows the wall clock.</param>
    public void TakeClock(long now)
    {
        Clock.Driver = this;
        _skipped = now - Instructions;
    }

    /// <summary>Copies every state into the state structure of another CPU of the same kind, whose <see cref="StateChanged"/> must be called then. What is not a state (translation tables,
    /// what the engine keeps) stays its own.</summary>
    public void CopyStateTo(Cpu<TIsa> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var size = TIsa.StateSize - sizeof(CpuHeader);
        new ReadOnlySpan<byte>(State + 1, size).CopyTo(new Span<byte>(other.State + 1, size));
        other.BindTables(other.State, bound: true);
    }

    /// <summary>Executes one instruction (one iteration of a restartable one), delivering what is pending before it.</summary>
    public RunResult Step() => Run(1);

    /// <summary>Runs until exactly <paramref name="budget"/> instructions have started, or something else ends the run.</summary>
    public RunResult Run(long budget)
    {
        var start = Instructions;
        var end = budget > long.MaxValue - start ? long.MaxValue : start + budget;
        var idleSince = -1L;
        var idleAt = -1L;
        while (true)
        {
            DrainPosted();
            Clock.RunDue();
            if (_stop)
            {
                _stop = false;
                return new RunResult(RunReason.StopRequested, Instructions - start);
            }

            var left = end - Instructions;
            if (left <= 0)
            {
                SetRemaining(0);
                return new RunResult(RunReason.Budget, Instructions - start);
            }

            SetRemaining(Math.Min(left, Clock.FollowsWallClock ? WallSlice : Math.Max(1, Clock.NextAt - Clock.Now)));
            var reason = Executor is { } executor ? executor.Run() : Engine.Run();
            switch (reason)
            {
                case RunReason.Budget:
                case RunReason.StopRequested:
                    break;
                case RunReason.Idle:
                    if (idleAt != Instructions)
                    {
                        (idleAt, idleSince) = (Instructions, Clock.Now);
                    }

                    if (!PassIdleTime(idleSince))
                    {
                        SetRemaining(0);
                        return new RunResult(RunReason.Idle, Instructions - start);
                    }

                    break;
                default:
                    SetRemaining(0);
                    return new RunResult(reason, Instructions - start);
            }
        }
    }

    /// <summary>Makes the run under way (or the next) return <see cref="RunReason.StopRequested"/> soon; from any thread or callback.</summary>
    public void Stop()
    {
        _stop = true;
        State->StopRequested = 1;
        Executor?.RequestStop();
        _wake.Set();
    }

    /// <summary>Has an action done between instructions, on the running thread: soon when called from another thread, right after the current instruction
    /// when called by a device the instruction accesses.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        State->StopRequested = 1;
        Executor?.RequestStop();
        _wake.Set();
    }

    /// <summary>Forgets all decoded code; after host memory was changed in other ways than through <see cref="PhysicalMemory"/>.</summary>
    public void DropCode()
    {
        Engine.DropCode();
        Executor?.DropCode();
    }

    /// <summary>Drops every cached translation, and with them what is known of code.</summary>
    public void FlushTranslations()
    {
        foreach (var memory in Context.PagedMemories)
        {
            memory?.Flush();
        }

        State->ContextStale = 1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Engine.Dispose();
        if (!_sharesTranslations)
        {
            foreach (var memory in Context.PagedMemories)
            {
                memory?.Dispose();
            }
        }

        Context.Free();
        _stateMemory.Dispose();
        _wake.Dispose();
    }

    void IClockDriver.DeadlineChanged(long at)
    {
        // The deadline of the slice under way moves nearer: fewer instructions may start before the engine comes back.
        var shorter = State->Remaining - Math.Max(at - Clock.Now, 0);
        if (shorter > 0 && !Clock.FollowsWallClock)
        {
            State->Remaining -= shorter;
            _instructionsAtZero -= shorter;
        }
    }

    private void BindTables(CpuHeader* state, bool bound)
    {
        for (var i = 0; i < Context.PagedMemories.Length; i++)
        {
            if (Context.PagedMemories[i] is { } memory)
            {
                TIsa.BindTlb(state, i, bound ? memory.Table(0) : null, bound ? memory.Table(1) : null);
            }
        }
    }

    private void SetRemaining(long slice)
    {
        _instructionsAtZero = Instructions + slice;
        State->Remaining = slice;
    }

    private void DrainPosted()
    {
        while (_posted.TryDequeue(out var action))
        {
            action();
        }
    }

    /// <summary>Lets time pass to the next event. False when there is none, or none has woken the CPU for too long.</summary>
    private bool PassIdleTime(long since)
    {
        var next = Clock.NextAt;
        if (next == long.MaxValue || next - since > _idleLimit)
        {
            return false;
        }

        var wait = next - Clock.Now;
        if (wait > 0)
        {
            if (Clock.FollowsWallClock)
            {
                // Round up to whole milliseconds: waking early would only spin.
                _wake.WaitOne((int)Math.Min((wait * 1000 + Clock.Frequency - 1) / Clock.Frequency, 1000));
            }
            else
            {
                _skipped += wait;
            }
        }

        return true;
    }
}
