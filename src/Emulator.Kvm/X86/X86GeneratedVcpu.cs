using Emulator.Hypervisor;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

/// <summary>A vCPU of x86 on the generated machine.</summary>
/// <remarks>Parts: what the machine calls while it executes (Events, Accesses), and the registers (Registers).</remarks>
internal sealed unsafe partial class X86GeneratedVcpu : GeneratedVcpuOf<X86Isa, X86OwnHandlers>, IX86Backend
{
    private readonly X86State* _s;
    private bool _windowOpen;
    private bool _untilWindow;
    private bool _deliveryFailed;

    /// <summary>Makes a vCPU in the reset state.</summary>
    public X86GeneratedVcpu(GeneratedMachine machine, KvmBackend backend)
        : this(machine, backend, new X86GuestPorts())
    {
    }

    private X86GeneratedVcpu(GeneratedMachine machine, KvmBackend backend, X86GuestPorts ports)
        : base(machine, X86Metadata.Instance, "MC", ("port", ports))
    {
        ports.Vcpu = this;
        _s = (X86State*)Header;
        _undo = new NativeBlock((nuint)X86Isa.StateSize);
        ResetRegisters();
        Attach(new X86GuestExterns(this, machine), backend, new RingCompression());
    }

    /// <inheritdoc/>
    public int QueuedInterrupt { get; set; } = -1;

    /// <summary>The answers of CPUID.</summary>
    public CpuidTable Cpuid { get; private set; } = CpuidTable.Empty;

    /// <inheritdoc/>
    public override bool IsLeaving => _windowOpen;

    /// <inheritdoc/>
    private protected override ulong CodePosition => _s->SEG_base[Segment.Cs] + (ulong)_s->EIP;

    /// <inheritdoc/>
    private protected override bool HasEnded => _deliveryFailed;

    /// <summary>The vCPU of a state.</summary>
    public static new X86GeneratedVcpu Of(CpuHeader* h) => (X86GeneratedVcpu)GeneratedVcpu.Of(h);

    /// <inheritdoc/>
    public BackendExit Run(long instructions, bool untilWindow)
    {
        _untilWindow = untilWindow;
        _s->INTR = (byte)(untilWindow ? 1 : 0);
        Cpu.StateChanged();
        if (QueuedInterrupt >= 0)
        {
            Header->Attention |= 1;
        }

        var exit = Execute(instructions, mustExecute: false);
        _untilWindow = false;
        _s->INTR = 0;
        return exit;
    }

    /// <inheritdoc/>
    public void RaiseNmi()
    {
        _s->NMI_PENDING = 1;
        Cpu.StateChanged();
    }

    /// <inheritdoc/>
    public void SetCpuid(CpuidTable table) => Cpuid = table;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _undo.Dispose();
    }

    /// <summary>Whether this is the vCPU's own state, and not that of the processor a monitor runs the guest on.</summary>
    public bool Owns(CpuHeader* h) => h == Header;

    /// <inheritdoc/>
    private protected override void Begin() => _windowOpen = _deliveryFailed = false;

    /// <inheritdoc/>
    private protected override BackendExit EndOf(RunResult result)
    {
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
                Cpu.StateChanged();
                return BackendExit.Halt;
            default:
                return BackendExit.None;
        }
    }
}
