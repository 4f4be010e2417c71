using Emulator.Hypervisor;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>A vCPU of one instruction set on a generated machine, bare or under a monitor: runs, and undoes and completes instructions that wait for the client.</summary>
/// <typeparam name="TIsa">The generated instruction set.</typeparam>
/// <typeparam name="TOwn">Handlers of the client's.</typeparam>
internal abstract unsafe class GeneratedVcpuOf<TIsa, TOwn> : GeneratedVcpu
    where TIsa : struct, IIsa
    where TOwn : struct, IOwnHandlers
{
    private const uint Fetch = 2; // the kind of access of Translate

    // The argument of a trap that stands for a fetch from where no memory is; the real one never has it.
    private const ulong NoMemory = 0x4E6F_4D65_6D6F_7279;

    private static readonly int s_fetchMemory = TIsa.FetchMemory;

    private readonly GeneratedMachine _machine;
    private readonly IsaMetadata _metadata;
    private readonly int _fetchTrap;
    private ulong _incompleteAt;
    private bool _fetchFailed;

    /// <summary>Makes the processor, in the reset state.</summary>
    /// <param name="machine">What it shares with others.</param>
    /// <param name="metadata">What is known of the instruction set.</param>
    /// <param name="fetchTrap">A trap that stands for a fetch from where no memory is: one without an argument, or one that never occurs.</param>
    /// <param name="buses">Buses besides physical memory.</param>
    private protected GeneratedVcpuOf(GeneratedMachine machine, IsaMetadata metadata, string fetchTrap, params ReadOnlySpan<(string Name, Bus Bus)> buses)
    {
        _machine = machine;
        _metadata = metadata;
        _fetchTrap = metadata.Trap(fetchTrap);
        var all = new Dictionary<string, Bus> { ["pmem"] = machine.Memory };
        foreach (var (name, bus) in buses)
        {
            all.Add(name, bus);
        }

        Cpu = new Cpu<GuestIsa<TIsa, TOwn>>(new CpuOptions { Buses = all });
        Header = Cpu.State;
    }

    /// <summary>What the monitor did; null without one.</summary>
    public MonitorStatistics? Statistics => Monitor?.Statistics;

    /// <summary>The processor: with a monitor, the virtual one.</summary>
    private protected Cpu<GuestIsa<TIsa, TOwn>> Cpu { get; }

    /// <summary>Whether an instruction that waited for its data is executed again: no event comes before it.</summary>
    private protected bool IsCompleting { get; private set; }

    /// <summary>Where the next instruction is.</summary>
    private protected virtual ulong CodePosition => Cpu.Pc;

    /// <summary>Whether the run has ended for another reason than an access.</summary>
    private protected abstract bool HasEnded { get; }

    private IMonitor? Monitor { get; set; }

    /// <inheritdoc/>
    public override BackendExit Complete(ulong data)
    {
        if (Log.TryTakeWrite(out var write))
        {
            Access = write;
            return BackendExit.Access;
        }

        if (!Log.IsWanting)
        {
            return BackendExit.None;
        }

        if (CodePosition != _incompleteAt)
        {
            // The client took the vCPU elsewhere: the instruction is given up.
            Log.Finish();
            return BackendExit.None;
        }

        Log.Answer(data);
        IsCompleting = true;
        try
        {
            return Execute(1, mustExecute: true);
        }
        finally
        {
            IsCompleting = false;
        }
    }

    /// <inheritdoc/>
    public override void Stop() => Cpu.Stop();

    /// <inheritdoc/>
    public override void DropCode() => Cpu.DropCode();

    /// <inheritdoc/>
    public override void Dispose()
    {
        Monitor?.Dispose();
        Cpu.Dispose();
    }

    /// <inheritdoc/>
    public override ulong Translate(CpuHeader* h, int memory, ulong address, uint access, int mode)
    {
        Walking++;
        var physical = TIsa.Translate(h, memory, address, access, mode);
        Walking--;
        if (access == Fetch && memory == s_fetchMemory && h->Trap == 0 && !_machine.Memory.TryGetHostPage(physical, write: false, out _))
        {
            h->Trap = (uint)_fetchTrap + 1;
            h->TrapA = NoMemory;
        }

        return physical;
    }

    /// <summary>Gives the processor its externs and its monitor; to be called once, when it is as the guest finds it.</summary>
    private protected void Attach(IGuestExterns externs, KvmBackend backend, IHosting hosting)
    {
        Cpu.Context.Externs = externs;
        Monitor = VcpuMonitors.Attach(backend, Cpu, _metadata, hosting);
    }

    /// <summary>Whether a trap stands for a fetch from where no memory is; then the run ends.</summary>
    private protected bool IsFetchFailure(int trap, ulong a)
    {
        if (trap != _fetchTrap || a != NoMemory)
        {
            return false;
        }

        _fetchFailed = true;
        Cpu.Stop();
        return true;
    }

    /// <summary>A run begins.</summary>
    private protected abstract void Begin();

    /// <summary>The instruction at hand was undone: so is what was done directly before it.</summary>
    private protected virtual void UndoBoundary()
    {
    }

    /// <summary>Why a run that no access ended is over.</summary>
    private protected abstract BackendExit EndOf(RunResult result);

    /// <summary>Executes at most so many instructions; at least one where that must be.</summary>
    private protected BackendExit Execute(long instructions, bool mustExecute)
    {
        _machine.Current = this;
        _fetchFailed = false;
        Begin();
        RunResult result;
        do
        {
            Log.Begin();
            result = Cpu.Run(instructions);

            // A stop that came from elsewhere must not come between an instruction and the client's answer.
        }
        while (mustExecute && result is { Instructions: 0, Reason: RunReason.StopRequested } && !Log.IsWanting && !HasEnded);

        _machine.Current = null;
        if (Log.IsWanting)
        {
            Log.Undo();
            UndoBoundary();
            _incompleteAt = CodePosition;
            Access = Log.Wanted;
            return BackendExit.Access;
        }

        Log.Finish();
        if (Log.TryTakeWrite(out var write))
        {
            Access = write;
            return BackendExit.Access;
        }

        return _fetchFailed ? BackendExit.FetchFailure : EndOf(result);
    }

    /// <summary>Carries out an instruction on the registers as they are, between runs. False when it raised a trap: it had no effect then.</summary>
    private protected bool Perform(ReadOnlySpan<byte> instruction)
    {
        var h = Header;
        var bytes = stackalloc byte[16];
        instruction.CopyTo(new Span<byte>(bytes, 16));
        Cpu.Settle();
        DecodedOp op;
        if (TIsa.Decode(h, bytes, TIsa.MaxInstructionLength, 0, &op) <= 0)
        {
            h->Trap = 0;
            return false;
        }

        var pc = TIsa.GetPc(h);
        var done = LoneOperation.CarryOut(h, &op, op.Handler);
        h->Trap = 0;
        h->TrapOp = null;
        TIsa.SetPc(h, pc);
        return done;
    }
}
