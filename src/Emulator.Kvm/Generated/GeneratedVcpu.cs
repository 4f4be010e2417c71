using Emulator.Hypervisor;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

/// <summary>A vCPU on the generated machine, bare or under the monitor.</summary>
/// <remarks>Parts: what the machine calls while it executes (Events, Accesses), and the registers (Registers).</remarks>
internal sealed unsafe partial class GeneratedVcpu : IVcpuBackend
{
    private readonly GeneratedMachine _machine;
    private readonly Cpu<GeneratedIsa> _cpu;
    private readonly CpuHeader* _h;
    private readonly X86State* _s;
    private readonly AccessLog _log = new();
    private readonly TrapAndEmulate<GeneratedIsa>? _monitor;
    private ulong _incompleteAt;
    private bool _completing;
    private bool _windowOpen;
    private bool _untilWindow;
    private bool _fetchFailed;
    private bool _deliveryFailed;

    /// <summary>Makes a vCPU in the reset state.</summary>
    public GeneratedVcpu(GeneratedMachine machine, KvmBackend backend)
    {
        _machine = machine;
        _cpu = new Cpu<GeneratedIsa>(new CpuOptions
        {
            Buses = new Dictionary<string, Bus> { ["pmem"] = machine.Memory, ["port"] = new GeneratedPorts(this) },
            Externs = new GeneratedExterns(this, machine),
        });
        _h = _cpu.State;
        _s = (X86State*)_h;
        _undo = new NativeBlock((nuint)X86Isa.StateSize);
        ResetRegisters();
        _monitor = backend == KvmBackend.TrapAndEmulate
            ? new TrapAndEmulate<GeneratedIsa>(_cpu, X86Metadata.Instance, new RingCompression(), CriticalPolicy.Patch)
            : null;
    }

    /// <inheritdoc/>
    public GuestAccess Access { get; private set; }

    /// <inheritdoc/>
    public bool IsIncomplete => _log.HasWrites || _log.IsWanting || _log.HasReads;

    /// <inheritdoc/>
    public int QueuedInterrupt { get; set; } = -1;

    /// <summary>The answers of CPUID.</summary>
    public CpuidTable Cpuid { get; private set; } = CpuidTable.Empty;

    /// <summary>What the monitor did; null without one.</summary>
    public MonitorStatistics? Statistics => _monitor?.Statistics;

    /// <summary>Whether the engine is to come back before the next instruction.</summary>
    public bool IsLeaving => _windowOpen;

    /// <summary>The vCPU of a state.</summary>
    public static GeneratedVcpu Of(CpuHeader* h) => ((GeneratedExterns)CpuContext.All[h->ContextId].Externs!).Vcpu;

    /// <inheritdoc/>
    public BackendExit Complete(ulong data)
    {
        if (_log.TryTakeWrite(out var write))
        {
            Access = write;
            return BackendExit.Access;
        }

        if (!_log.IsWanting)
        {
            return BackendExit.None;
        }

        if (LinearPc != _incompleteAt)
        {
            // The client took the vCPU elsewhere: the instruction is given up.
            _log.Finish();
            return BackendExit.None;
        }

        _log.Answer(data);
        _completing = true;
        try
        {
            return Execute(1, mustExecute: true);
        }
        finally
        {
            _completing = false;
        }
    }

    /// <inheritdoc/>
    public BackendExit Run(long instructions, bool untilWindow)
    {
        _untilWindow = untilWindow;
        _s->INTR = (byte)(untilWindow ? 1 : 0);
        _cpu.StateChanged();
        if (QueuedInterrupt >= 0)
        {
            _h->Attention |= 1;
        }

        var exit = Execute(instructions, mustExecute: false);
        _untilWindow = false;
        _s->INTR = 0;
        return exit;
    }

    /// <inheritdoc/>
    public void Stop() => _cpu.Stop();

    /// <inheritdoc/>
    public void RaiseNmi()
    {
        _s->NMI_PENDING = 1;
        _cpu.StateChanged();
    }

    /// <inheritdoc/>
    public void SetCpuid(CpuidTable table) => Cpuid = table;

    /// <inheritdoc/>
    public void DropCode() => _cpu.DropCode();

    /// <inheritdoc/>
    public void Dispose()
    {
        _monitor?.Dispose();
        _cpu.Dispose();
        _undo.Dispose();
    }

    /// <summary>Whether this is the vCPU's own state, and not that of the processor a monitor runs the guest on.</summary>
    public bool Owns(CpuHeader* h) => h == _h;

    private ulong LinearPc => _s->SEG_base[Segment.Cs] + (ulong)_s->EIP;

    private BackendExit Execute(long instructions, bool mustExecute)
    {
        _machine.Current = this;
        _windowOpen = _fetchFailed = _deliveryFailed = false;
        RunResult result;
        do
        {
            _log.Begin();
            result = _cpu.Run(instructions);

            // A stop that came from elsewhere must not come between an instruction and the client's answer.
        }
        while (mustExecute && result is { Instructions: 0, Reason: RunReason.StopRequested } && !_log.IsWanting && !_deliveryFailed);

        _machine.Current = null;
        if (_log.IsWanting)
        {
            _log.Undo();
            RestoreBoundary();
            _incompleteAt = LinearPc;
            Access = _log.Wanted;
            return BackendExit.Access;
        }

        _log.Finish();
        if (_log.TryTakeWrite(out var write))
        {
            Access = write;
            return BackendExit.Access;
        }

        if (_fetchFailed)
        {
            return BackendExit.FetchFailure;
        }

        if (_deliveryFailed || result.Reason == RunReason.TrapStorm)
        {
            return BackendExit.DeliveryFailure;
        }

        if (_windowOpen)
        {
            return BackendExit.WindowOpen;
        }

        switch (result.Reason)
        {
            case RunReason.Stopped:
                return BackendExit.Shutdown;
            case RunReason.Idle:
                // Without an interrupt chip of its own the vCPU does not wait: running it again goes on after HLT.
                _s->HALTED = 0;
                _cpu.StateChanged();
                return BackendExit.Halt;
            default:
                return BackendExit.None;
        }
    }
}
