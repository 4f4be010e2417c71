using Emulator.Hypervisor;
using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>A vCPU of RISC-V on the generated machine. The guest has supervisor and user mode; whatever leaves them is an exit: machine mode is the API's.</summary>
/// <typeparam name="TIsa">The instance of the description.</typeparam>
/// <typeparam name="TState">Its state structure.</typeparam>
internal sealed unsafe partial class RiscVGeneratedVcpu<TIsa, TState> : GeneratedVcpuOf<TIsa, NoOwnHandlers>, IRiscVBackend
    where TIsa : struct, IIsa
    where TState : unmanaged, IRiscvState
{
    private readonly int _call;
    private readonly ulong _id;
    private bool _called;

    /// <summary>Makes a vCPU in the state its kernel is started in.</summary>
    /// <param name="machine">What it shares with others.</param>
    /// <param name="metadata">What is known of the instruction set.</param>
    /// <param name="id">Number of the hart.</param>
    /// <param name="backend">Whether there is a monitor.</param>
    /// <param name="externs">Makes what the description leaves to the machine.</param>
    public RiscVGeneratedVcpu(RiscVMachine machine, IsaMetadata metadata, int id, KvmBackend backend, Func<RiscVGeneratedVcpu<TIsa, TState>, IGuestExterns> externs)
        : base(machine, metadata, "ecall_from_m")
    {
        _id = (ulong)id;
        _call = metadata.Trap("ecall_from_s");
        _s = (TState*)Header;
        Xlen = metadata.State("X").Width;
        Reset();
        Attach(externs(this), backend, new SupervisorInUser<TState>());
    }

    /// <summary>Instructions executed before the one under way.</summary>
    public ulong InstructionsBefore => (ulong)Cpu.Instructions - 1;

    /// <inheritdoc/>
    private protected override bool HasEnded => _called;

    /// <inheritdoc/>
    public BackendExit Run(long instructions) => Execute(instructions, mustExecute: false);

    /// <inheritdoc/>
    public override void OnTrap(CpuHeader* h, int trap, ulong a, ulong b)
    {
        if (IsFetchFailure(trap, a))
        {
            return;
        }

        if (trap == _call)
        {
            _called = true;
            Cpu.Stop();
            return;
        }

        TIsa.OnTrap(h, trap, a, b);
    }

    /// <inheritdoc/>
    public override void OnBoundary(CpuHeader* h)
    {
        // An instruction that waits for its data has been begun: no interrupt comes before it.
        if (!IsCompleting)
        {
            TIsa.OnBoundary(h);
        }
    }

    /// <inheritdoc/>
    private protected override void Begin() => _called = false;

    /// <inheritdoc/>
    private protected override BackendExit EndOf(RunResult result)
    {
        if (_called)
        {
            return BackendExit.Call;
        }

        return result.Reason switch
        {
            RunReason.Idle => BackendExit.Halt,
            RunReason.TrapStorm => BackendExit.DeliveryFailure,
            _ => BackendExit.None,
        };
    }
}
