using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>
/// The monitor of Popek and Goldberg: a guest runs on a real CPU of the generated kind, deprivileged; whatever traps is carried out, by the same generated handlers, on the
/// virtual CPU's own resources.
/// </summary>
/// <remarks>
/// <para>The virtual CPU is the one a machine's devices are connected to: this takes the place of its engine (<see cref="Cpu{TIsa}.Executor"/>). Its state holds what the guest believes it owns. To
/// run, that state is copied to the real CPU and the hosting takes the real resources away; on an exit it is copied back.</para>
/// <para>The dispatcher is the generated trap dispatch table (<see cref="IIsa.TrapHandler"/>), the interpreter routines are the handlers it names, and the allocator is the real CPU's
/// translations (<see cref="PagingPolicy"/>): a virtual TLB (SDM vol. 3, "virtual TLB"), filled by the guest's own translation through the virtual CPU; or shadow page tables, walked by the real CPU
/// itself. What the guest's tables do not map, and every device, is absent from either, so an access there exits.</para>
/// <para>Where the real modes tell memories apart as the guest's do, both CPUs share one TLB. So it holds what the bare machine's would hold after the same accesses, stale translations included.</para>
/// </remarks>
public sealed unsafe class TrapAndEmulate<TIsa> : IMonitor, IExecutor, ITranslator
    where TIsa : struct, IIsa
{
    private const int DefaultShadowFrames = 1024;

    private readonly Cpu<TIsa> _virtual;
    private readonly Cpu<TIsa> _real;
    private readonly VmExits _exits;
    private readonly IHosting _hosting;
    private readonly IShadowPaging? _shadows;
    private readonly ulong[] _generations;
    private readonly int[] _modes;
    private readonly long[] _exitsOf;
    private readonly long[] _kinds = new long[Enum.GetValues<VmExitKind>().Length];
    private readonly ExitSites _sites = new();
    private long _violations;
    private long _direct;
    private long _interpreted;

    /// <summary>Puts a monitor under a virtual CPU; from the next run on it is in charge.</summary>
    /// <param name="virtualCpu">The CPU whose instructions are to run deprivileged.</param>
    /// <param name="isa">Its metadata.</param>
    /// <param name="hosting">How the guest is hosted.</param>
    /// <param name="policy">What is done about critical instructions.</param>
    /// <param name="paging">Where the real CPU's translations come from.</param>
    /// <param name="shadowFrames">Most page frames shadow tables may take; at least 32.</param>
    /// <exception cref="NotSupportedException">The hosting has no shadow page tables.</exception>
    public TrapAndEmulate(Cpu<TIsa> virtualCpu, IsaMetadata isa, IHosting hosting, CriticalPolicy policy, PagingPolicy paging = PagingPolicy.Tlb, int shadowFrames = DefaultShadowFrames)
    {
        ArgumentNullException.ThrowIfNull(virtualCpu);
        ArgumentNullException.ThrowIfNull(isa);
        ArgumentNullException.ThrowIfNull(hosting);
        _virtual = virtualCpu;
        _hosting = hosting;
        if (paging == PagingPolicy.Shadow)
        {
            _shadows = hosting is IShadowHosting shadows
                ? shadows.CreateShadows(virtualCpu, isa, shadowFrames)
                : throw new NotSupportedException($"profile {hosting.Profile} of {isa.Name} has no shadow page tables: use {nameof(PagingPolicy)}.{nameof(PagingPolicy.Tlb)}");
        }

        var buses = new Dictionary<string, Bus>();
        var memories = TIsa.Memories;
        for (int i = 0; i < memories.Length; i++)
        {
            // Memory is shared; what else there is, the guest reaches through the monitor.
            if (memories[i].IsBus && virtualCpu.Context.Buses[i] is { Pages: not null } memory)
                buses.Add(memories[i].Name, _shadows?.Memory ?? memory);
        }

        _real = new Cpu<TIsa>(new CpuOptions { Buses = buses, Externs = virtualCpu.Context.Externs, TranslationsOf = hosting.KeepsMemoryModes ? virtualCpu.Context : null });
        IReadOnlySet<int> repair = policy == CriticalPolicy.Patch ? RepairSet.Of(isa, hosting.Profile) : new HashSet<int>();
        _exits = new VmExits([.. isa.VariantForms.Select(repair.Contains)]);
        _real.Context.Translator = _shadows is null ? this : null;
        _real.Engine.Exits = _exits;
        _generations = new ulong[memories.Length];
        _modes = new int[memories.Length];
        _exitsOf = new long[isa.VariantForms.Count];
        Policy = policy;
        Paging = paging;
        Isa = isa;
        _virtual.Executor = this;
    }

    /// <inheritdoc/>
    public IsaMetadata Isa { get; }

    /// <summary>What is done about critical instructions.</summary>
    public CriticalPolicy Policy { get; }

    /// <summary>Where the real CPU's translations come from.</summary>
    public PagingPolicy Paging { get; }

    /// <summary>The shadow page tables; null where there are none.</summary>
    internal IShadowPaging? Shadows => _shadows;

    /// <summary>The real CPU; itself the virtual one of a monitor below, if there is one.</summary>
    internal Cpu<TIsa> Real => _real;

    /// <inheritdoc/>
    public MonitorStatistics Statistics => new(_direct, _interpreted, [.. _kinds], [.. _exitsOf], _sites.ToList(), _violations) { Shadows = _shadows?.Statistics };

    /// <inheritdoc/>
    public RunReason Run()
    {
        CpuHeader* v = _virtual.State;
        while (true)
        {
            // Events, single steps and breakpoints are the virtual CPU's affair: it looks at them before the next instruction, as always.
            bool direct = v->Attention == 0 && v->StopRequested == 0 && v->Remaining > 0 && _hosting.RunsDirectly(v) && _shadows is not { IsReady: false };
            if ((direct ? RunDirectly() : Interpret(one: false)) is { } reason)
                return reason;
        }
    }

    /// <summary>Lets the guest run on the real CPU until it exits, and handles the exit.</summary>
    private RunReason? RunDirectly()
    {
        CpuHeader* v = _virtual.State, r = _real.State;
        Enter(v, r);
        r->Remaining = v->Remaining;
        RunReason reason = _real.Executor is { } below ? below.Run() : _real.Engine.Run();
        _direct += v->Remaining - r->Remaining;
        v->Remaining = r->Remaining;
        Leave(v, r);
        if (reason != RunReason.Exit)
            return reason;

        VmExitKind kind = _exits.Kind;
        _kinds[(int)kind]++;
        if (_shadows is not null && _shadows.Handle(v, _exits))
            return null;

        ref DecodedOp op = ref _exits.Operation;
        if (!_exits.HasOperation || op.Variant >= _exitsOf.Length)
            return kind == VmExitKind.Attention ? null : Interpret(one: true);

        _exitsOf[op.Variant]++;
        _sites.Add(op.Pc, op.Variant);
        var handler = kind == VmExitKind.Trap ? TIsa.TrapHandler(_exits.Trap, op.Variant) : TIsa.Handler(op.Variant);
        if (handler == null)
            return Interpret(one: true);

        // The instruction itself, on the resources the guest believes it has.
        if (_virtual.Engine.CarryOut(in op, handler) is { } end)
            return end;

        // A repeated instruction is at its next iteration, which would exit as this one did.
        ulong pc = op.Pc;
        while (kind == VmExitKind.Device && _virtual.Pc == pc && v->Attention == 0 && v->StopRequested == 0 && v->Remaining > 0)
        {
            if (Interpret(one: true) is { } last)
                return last;
        }

        return null;
    }

    /// <summary>Has the virtual CPU do what comes next by itself: an event, or the code of a mode that is not hosted, or an instruction that could not be fetched.</summary>
    private RunReason? Interpret(bool one)
    {
        long before = _virtual.Instructions;
        RunReason? reason = one ? _virtual.Engine.RunOne() : _virtual.Engine.RunPart();
        _interpreted += _virtual.Instructions - before;
        return reason;
    }

    private void Enter(CpuHeader* v, CpuHeader* r)
    {
        _virtual.CopyStateTo(_real);
        _hosting.Deprivilege(r);
        _shadows?.Load(v, r);
        if (_hosting.KeepsDerived)
            r->Attention = 0;
        else
            _real.StateChanged();
        for (int i = 0; i < _generations.Length; i++)
        {
            if (_virtual.Context.PagedMemories[i] is not { } memory)
                continue;
            int mode = _hosting.KeepsMemoryModes ? 0 : TIsa.MemoryMode(v, i);
            if (memory.Generation == _generations[i] && mode == _modes[i])
                continue;
            (_generations[i], _modes[i]) = (memory.Generation, mode);
            if (!_hosting.KeepsMemoryModes)
                _real.Context.PagedMemories[i].Flush();
        }

        // What its engine knows of the code is from before the virtual CPU executed the last instruction.
        r->ContextStale = 1;
    }

    private void Leave(CpuHeader* v, CpuHeader* r)
    {
        bool intact = true;
        if (_shadows is not null)
        {
            intact = _shadows.IsIntact(r);
            _shadows.Restore(r, v);
        }

        if (!intact || !_hosting.IsIntact(r, v))
            _violations++;
        _hosting.Restore(r, v);
        _real.CopyStateTo(_virtual);
        if (!_hosting.KeepsDerived || r->Attention != 0)
            _virtual.StateChanged();

        v->ContextStale = 1;
    }

    /// <inheritdoc/>
    public void DropCode()
    {
        _real.DropCode();
        _shadows?.DropAll();
    }

    /// <inheritdoc/>
    public void RequestStop()
    {
        _real.State->StopRequested = 1;
        _real.Executor?.RequestStop();
    }

    /// <inheritdoc/>
    public ulong Translate(CpuHeader* real, int memory, ulong address, uint access, int mode)
    {
        CpuHeader* v = _virtual.State;
        if (!_hosting.KeepsMemoryModes)
            mode = TIsa.MemoryMode(v, memory);
        ulong physical = _virtual.Context.Translator is { } above ? above.Translate(v, memory, address, access, mode) : TIsa.Translate(v, memory, address, access, mode);
        if (v->Trap == 0)
            return physical;

        // The guest's page fault, or the real one of a guest that must not get there: the instruction is left, and done again on the virtual CPU.
        (real->Trap, real->TrapA, real->TrapB) = (v->Trap, v->TrapA, v->TrapB);
        v->Trap = 0;
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _virtual.Executor = null;
        _real.Dispose();
        _shadows?.Dispose();
    }
}
