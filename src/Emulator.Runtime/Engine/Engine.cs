using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

/// <summary>Runs one CPU over pre-decoded basic blocks, exact in instruction counts; specialised for each ISA.</summary>
/// <remarks>
/// <see cref="RunFast"/> executes whole blocks while nothing out of the ordinary is pending. Everything else (attention, a budget that ends inside a block, an instruction that
/// must execute alone, a fetch that faults) is done by <see cref="Service"/>, at most one such thing per call.
/// </remarks>
public sealed unsafe partial class Engine<TIsa> : IDisposable
    where TIsa : struct, IIsa
{
    /// <summary>Most instructions in a block.</summary>
    public const int MaxBlockLength = 64;

    private const int MaxNestedTraps = 64;
    private const int MaxBoundariesInARow = 64;

    private readonly CpuHeader* _h;
    private readonly CpuContext _context;
    private readonly CodeCache _cache;
    private readonly NativeBlock _scratchMemory;
    private readonly DecodedOp* _scratch;
    private readonly ulong _pcMask;
    private long[] _trapCounts = new long[32];
    private bool _alone;
    private bool _trapStorm;
    private bool _exited;
    private VmExits? _exits;
    private int _boundaries;
    private long _dispatches;
    private long _singleSteps;

    /// <summary>Makes an engine for a CPU whose memories are in place.</summary>
    /// <param name="state">The state structure, with tables bound.</param>
    /// <param name="context">The CPU's context.</param>
    /// <param name="arenaSize">Bytes for decoded blocks; all are dropped when it is full. At least 64 KB.</param>
    internal Engine(CpuHeader* state, CpuContext context, int arenaSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arenaSize, 1 << 16);
        _h = state;
        _context = context;
        _fetchPaged = context.PagedMemories[TIsa.FetchMemory];
        var bus = _fetchPaged == null ? context.Buses[TIsa.FetchMemory] : context.Buses[TIsa.Memories[TIsa.FetchMemory].Over];
        _fetchBus = bus;
        _physical = bus.Pages;
        _cache = new CodeCache(state, _physical, arenaSize, &Leave);
        _contexts = new DecodeContexts(TIsa.DecodeContextSize);
        _scratchMemory = new NativeBlock((nuint)((MaxBlockLength + 1) * sizeof(DecodedOp)));
        _scratch = (DecodedOp*)_scratchMemory.Pointer;

        // The width of the program counter, seen by what it keeps.
        TIsa.SetPc(state, ulong.MaxValue);
        _pcMask = TIsa.GetPc(state);
        TIsa.SetPc(state, 0);
        _generation = 1;
    }

    /// <summary>Where execution leaves to; null where traps are delivered. Set before the first run.</summary>
    public VmExits? Exits
    {
        get => _exits;
        set
        {
            _exits = value;
            _context.ReachesNoDevices = value != null;
        }
    }

    /// <summary>Sees every instruction when set; may be changed between runs.</summary>
    public IExecutionObserver? Observer { get; set; }

    /// <summary>Counters since creation.</summary>
    public EngineStatistics Statistics
        => new(_blocksBuilt, _operationsDecoded, _dispatches, _singleSteps, _cache.Dropped, _arenaFlushes, _contexts.Count);

    /// <summary>Traps delivered since creation, by index in the generated trap table.</summary>
    public ReadOnlySpan<long> TrapCounts => _trapCounts;

    /// <summary>Runs until <see cref="CpuHeader.Remaining"/> is 0 or something else ends the run.</summary>
    public RunReason Run()
    {
        _boundaries = 0;
        while (true)
        {
            if (RunPart() is { } reason)
            {
                return reason;
            }
        }
    }

    /// <summary>Runs until the next moment at which something out of the ordinary is due, and does that. A reason ends the run.</summary>
    public RunReason? RunPart()
    {
        if (Observer == null && !_alone)
        {
            RunFast();
        }

        return Service();
    }

    /// <summary>Delivers an event that is due, or executes one instruction; a reason ends the run.</summary>
    public RunReason? RunOne()
    {
        _alone = true;
        return Service();
    }

    /// <summary>Variant of the operation that <see cref="RunOne"/> or <see cref="CarryOut"/> executed last.</summary>
    public int LastVariant => _scratch[0].Variant;

    /// <summary>Executes one operation that another CPU of the same kind has decoded at this one's pc, and delivers what it raises.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="handler">Its handler.</param>
    /// <returns>A reason that ends the run: this CPU has a monitor of its own, to which the operation exits.</returns>
    public RunReason? CarryOut(in DecodedOp operation, delegate*<CpuHeader*, DecodedOp*, DecodedOp*> handler)
    {
        _scratch[0] = operation;
        _scratch[0].Handler = IsIntercepted(operation.Variant) ? &Intercept : handler;
        _scratch[0].Index = 0;
        ExecuteScratch(1);
        if (!_exited)
        {
            return null;
        }

        _exited = false;
        return RunReason.Exit;
    }

    private bool IsIntercepted(int variant) => _exits != null && variant < _exits.Intercepted.Length && _exits.Intercepted[variant];

    /// <summary>Forgets all decoded code.</summary>
    public void DropCode()
    {
        FlushArena();
        _h->ContextStale = 1;
    }

    /// <summary>Forgets what belongs to the instruction under way; for a reset or a restored state.</summary>
    internal void Restart()
    {
        _h->Trap = 0;
        _h->TrapOp = null;
        _h->Suspended = 0;
        _h->ContextStale = 1;
        _alone = false;
        _trapStorm = false;
        _exited = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _scratchMemory.Dispose();
    }

    /// <summary>The handler that ends a block which just stops: control goes on at its pc.</summary>
    private static DecodedOp* EndBlock(CpuHeader* h, DecodedOp* op)
    {
        TIsa.SetPc(h, op->Pc);
        return null;
    }

    /// <summary>The handler of every operation of a dropped block: it does not start, control goes on there with what is in memory now.</summary>
    private static DecodedOp* Leave(CpuHeader* h, DecodedOp* op)
    {
        TIsa.SetPc(h, op->Pc);
        h->TrapOp = op;
        return null;
    }

    /// <summary>The handler of bytes that decoding rejects: raises the trap decoding named.</summary>
    private static DecodedOp* Reject(CpuHeader* h, DecodedOp* op)
    {
        h->Trap = op->W0;
        h->TrapA = op->U0;
        h->TrapB = op->U1;
        h->TrapOp = op;
        return null;
    }

    /// <summary>The handler of operations that a monitor asked for.</summary>
    private static DecodedOp* Intercept(CpuHeader* h, DecodedOp* op)
    {
        h->Trap = CpuContext.Intercepted;
        h->TrapOp = op;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunFast()
    {
        var h = _h;
        var jumps = _cache.Jumps;
        var (key, salt) = (_key, _salt);
        var dispatches = 0L;
        _context.DevicesAllowed = false;

        // Attention, ContextStale, Suspended and StopRequested are neighbours: one load looks at all. A change of the fetch mode makes the context stale.
        while (*(uint*)&h->Attention == 0)
        {
            var pc = TIsa.GetPc(h);
            var jump = jumps + CodeCache.JumpIndex(pc, salt);
            if (jump->Pc != pc || jump->Key != key)
            {
                jump = Find(pc);
                if (jump == null)
                {
                    break;
                }

                key = _key;
            }

            var count = jump->Count;
            if (h->Remaining < count)
            {
                break;
            }

            h->Remaining -= count;
            dispatches++;
            var op = (DecodedOp*)(jump->Block + 1);
            do
            {
                op = op->Handler(h, op);
            }
            while (op != null);

            if (h->TrapOp != null)
            {
                LeaveBlock(count);
                if (_alone | _trapStorm | _exited)
                {
                    break;
                }

                _context.DevicesAllowed = false;
            }
        }

        _context.DevicesAllowed = true;
        _dispatches += dispatches;
    }

    /// <summary>Does what <see cref="RunFast"/> stopped for. A reason ends the run.</summary>
    private RunReason? Service()
    {
        var h = _h;
        _context.DevicesAllowed = true;
        if (h->StopRequested != 0)
        {
            h->StopRequested = 0;
            return RunReason.StopRequested;
        }

        if (_exited)
        {
            _exited = false;
            return RunReason.Exit;
        }

        if (_trapStorm)
        {
            return RunReason.TrapStorm;
        }

        if (TIsa.IsStopped(h))
        {
            return RunReason.Stopped;
        }

        if (h->Remaining <= 0)
        {
            return RunReason.Budget;
        }

        h->Suspended = 0;
        RefreshContext();
        if (_exits != null && h->Attention != 0)
        {
            _exits.Set(VmExitKind.Attention, h, null);
            return RunReason.Exit;
        }

        if ((h->Attention & 1) != 0)
        {
            TIsa.OnBoundary(h);
            if (h->Trap != 0)
            {
                Deliver(null);

                // Look again before the next instruction; but let one through now and then, whatever the spec does.
                if (++_boundaries < MaxBoundariesInARow)
                {
                    return null;
                }
            }

            RefreshContext();
            if (TIsa.IsStopped(h))
            {
                return RunReason.Stopped;
            }

            _alone |= (h->Attention & 1) != 0;
        }

        if (TIsa.IsIdle(h))
        {
            return RunReason.Idle;
        }

        _boundaries = 0;
        ExecutePart();
        return null;
    }

    /// <summary>Executes one instruction, or the part of a block the budget allows.</summary>
    private void ExecutePart()
    {
        var h = _h;
        var block = Lookup(TIsa.GetPc(h));
        if (block == null)
        {
            return;
        }

        var alone = _alone || Observer != null;
        _alone = false;
        var count = alone ? 1 : (int)Math.Min(block->Count, h->Remaining);
        if (count == block->Count && !alone)
        {
            // It fits after all: the fast loop runs it.
            return;
        }

        var source = (DecodedOp*)(block + 1);
        for (var i = 0; i < count; i++)
        {
            _scratch[i] = source[i];
        }

        _cache.CopiedBlock = block;
        ExecuteScratch(count);
    }

    /// <summary>Executes the first operations of the scratch block.</summary>
    private void ExecuteScratch(int count)
    {
        var h = _h;
        var last = _scratch + count - 1;
        SetEnd(_scratch + count, (last->Pc + last->Length) & _pcMask, count);
        _cache.Copy = _scratch;
        _cache.CopyLength = count;
        _singleSteps++;
        Observer?.OnStarting(h, _scratch);
        _context.DevicesAllowed = count == 1;
        h->Remaining -= count;
        var op = _scratch;
        do
        {
            op = op->Handler(h, op);
        }
        while (op != null);

        _context.DevicesAllowed = true;
        _cache.CopiedBlock = null;
        if (h->TrapOp != null)
        {
            LeaveBlock(count);
        }

        Observer?.OnFinished(h);
    }

    private static void SetEnd(DecodedOp* op, ulong pc, int index)
    {
        *op = default;
        op->Handler = &EndBlock;
        op->Pc = pc;
        op->Index = (ushort)index;
        op->Flags = OpFlags.EndsBlock;
    }
}
