using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>Profile <c>s_in_u</c> of RISC-V: everything the guest has, its machine mode included, runs in user mode, and the counters are closed to it.</summary>
/// <remarks>Every instruction that is sensitive traps there (Theorem 1), so nothing has to be rewritten and every mode is hosted.</remarks>
public sealed unsafe class SupervisorInUser<TIsa> : IHosting
    where TIsa : struct, IIsa
{
    private const byte User = 0;

    /// <inheritdoc/>
    public string Profile => "s_in_u";

    /// <inheritdoc/>
    public bool KeepsMemoryModes => false;

    /// <inheritdoc/>
    public bool RunsDirectly(CpuHeader* virtualState) => true;

    /// <inheritdoc/>
    public void Deprivilege(CpuHeader* realState)
    {
        if (typeof(TIsa) == typeof(Rv64Isa))
        {
            var s = (Rv64State*)realState;
            s->PRIV = User;
            s->mstatus_MPRV = 0;
            s->mie = 0;
            s->mcounteren = 0;
            s->scounteren = 0;
        }
        else
        {
            var s = (Rv32State*)realState;
            s->PRIV = User;
            s->mstatus_MPRV = 0;
            s->mie = 0;
            s->mcounteren = 0;
            s->scounteren = 0;
        }
    }

    /// <inheritdoc/>
    public bool IsIntact(CpuHeader* realState, CpuHeader* virtualState)
    {
        if (typeof(TIsa) == typeof(Rv64Isa))
        {
            var s = (Rv64State*)realState;
            var v = (Rv64State*)virtualState;
            return s->PRIV == User && s->mstatus_MPRV == 0 && s->mie == 0 && s->mcounteren == 0 && s->scounteren == 0
                && s->satp == v->satp && s->mtvec == v->mtvec && s->stvec == v->stvec && s->medeleg == v->medeleg && s->mideleg == v->mideleg && s->mepc == v->mepc && s->sepc == v->sepc
                && s->mstatus_MPP == v->mstatus_MPP && s->mstatus_SPP == v->mstatus_SPP && s->mstatus_MIE == v->mstatus_MIE && s->mstatus_SIE == v->mstatus_SIE
                && new ReadOnlySpan<byte>(s->pmpcfg, 16).SequenceEqual(new ReadOnlySpan<byte>(v->pmpcfg, 16)) && s->WAITING == 0;
        }
        else
        {
            var s = (Rv32State*)realState;
            var v = (Rv32State*)virtualState;
            return s->PRIV == User && s->mstatus_MPRV == 0 && s->mie == 0 && s->mcounteren == 0 && s->scounteren == 0
                && s->satp == v->satp && s->mtvec == v->mtvec && s->stvec == v->stvec && s->medeleg == v->medeleg && s->mideleg == v->mideleg && s->mepc == v->mepc && s->sepc == v->sepc
                && s->mstatus_MPP == v->mstatus_MPP && s->mstatus_SPP == v->mstatus_SPP && s->mstatus_MIE == v->mstatus_MIE && s->mstatus_SIE == v->mstatus_SIE
                && new ReadOnlySpan<byte>(s->pmpcfg, 16).SequenceEqual(new ReadOnlySpan<byte>(v->pmpcfg, 16)) && s->WAITING == 0;
        }
    }

    /// <inheritdoc/>
    public void Restore(CpuHeader* realState, CpuHeader* virtualState)
    {
        if (typeof(TIsa) == typeof(Rv64Isa))
        {
            var s = (Rv64State*)realState;
            var v = (Rv64State*)virtualState;
            s->PRIV = v->PRIV;
            s->mstatus_MPRV = v->mstatus_MPRV;
            s->mie = v->mie;
            s->mcounteren = v->mcounteren;
            s->scounteren = v->scounteren;
        }
        else
        {
            var s = (Rv32State*)realState;
            var v = (Rv32State*)virtualState;
            s->PRIV = v->PRIV;
            s->mstatus_MPRV = v->mstatus_MPRV;
            s->mie = v->mie;
            s->mcounteren = v->mcounteren;
            s->scounteren = v->scounteren;
        }
    }
}
