using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>Profile <c>s_in_u</c> of RISC-V: everything the guest has, its machine mode included, runs in user mode, and the counters are closed to it.</summary>
/// <remarks>Every instruction that is sensitive traps there (Theorem 1), so nothing has to be rewritten and every mode is hosted.</remarks>
/// <typeparam name="TState">The state structure of the instance.</typeparam>
public sealed unsafe class SupervisorInUser<TState> : IHosting
    where TState : unmanaged, IRiscvState
{
    private const byte User = 0;
    private const int ProtectionEntries = 16;

    /// <inheritdoc/>
    public string Profile => "s_in_u";

    /// <inheritdoc/>
    public bool KeepsMemoryModes => false;

    /// <inheritdoc/>
    public bool RunsDirectly(CpuHeader* virtualState) => true;

    /// <inheritdoc/>
    public void Deprivilege(CpuHeader* realState)
    {
        ref TState s = ref *(TState*)realState;
        s.PRIV = User;
        s.mstatus_MPRV = 0;
        s.mie = 0;
        s.mcounteren = 0;
        s.scounteren = 0;
    }

    /// <inheritdoc/>
    public bool IsIntact(CpuHeader* realState, CpuHeader* virtualState)
    {
        ref TState s = ref *(TState*)realState;
        ref TState v = ref *(TState*)virtualState;
        for (int i = 0; i < ProtectionEntries; i++)
        {
            if (s.pmpcfg(i) != v.pmpcfg(i))
                return false;
        }

        return s.PRIV == User && s.mstatus_MPRV == 0 && s.mie == 0 && s.mcounteren == 0 && s.scounteren == 0
            && s.satp == v.satp && s.mtvec == v.mtvec && s.stvec == v.stvec && s.medeleg == v.medeleg && s.mideleg == v.mideleg && s.mepc == v.mepc && s.sepc == v.sepc
            && s.mstatus_MPP == v.mstatus_MPP && s.mstatus_SPP == v.mstatus_SPP && s.mstatus_MIE == v.mstatus_MIE && s.mstatus_SIE == v.mstatus_SIE && s.WAITING == 0;
    }

    /// <inheritdoc/>
    public void Restore(CpuHeader* realState, CpuHeader* virtualState)
    {
        ref TState s = ref *(TState*)realState;
        ref TState v = ref *(TState*)virtualState;
        s.PRIV = v.PRIV;
        s.mstatus_MPRV = v.mstatus_MPRV;
        s.mie = v.mie;
        s.mcounteren = v.mcounteren;
        s.scounteren = v.scounteren;
    }
}
