using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>Profile <c>classic</c> of x86: the monitor has ring 0, the guest's kernel runs in ring 1 and its programs in ring 3.</summary>
/// <remarks>
/// The real descriptor tables are empty, so that whatever loads a descriptor traps; there is no task state segment, so that no port is open; CR4.TSD is set. What maps no
/// address of its own into the guest's segments and pages cannot be reached from there: the monitor has none in the linear address space.
/// </remarks>
public sealed unsafe class RingCompression : IHosting, IShadowHosting
{
    private const byte Kernel = 1, Application = 3, NonRoot = 2;
    private const int LocalTable = 6, Task = 7;

    private static ReadOnlySpan<int> Tables => [LocalTable, Task];

    /// <inheritdoc/>
    public string Profile => "classic";

    /// <inheritdoc/>
    public bool KeepsMemoryModes => true;

    /// <inheritdoc/>
    /// <remarks>What is derived from CPL asks whether it is 3; from segments, the limit.</remarks>
    public bool KeepsDerived => true;

    IShadowPaging IShadowHosting.CreateShadows<TIsa>(Cpu<TIsa> virtualCpu, IsaMetadata isa, int frames) => new X86Shadows<TIsa>(virtualCpu, isa, frames);

    /// <inheritdoc/>
    public bool RunsDirectly(CpuHeader* virtualState)
    {
        var s = (X86State*)virtualState;
        return s->CR0_PE != 0 && s->EFLAGS_VM == 0 && s->CPL is 0 or Application && s->VMX_MODE != NonRoot;
    }

    /// <inheritdoc/>
    public void Deprivilege(CpuHeader* realState)
    {
        var s = (X86State*)realState;
        if (s->CPL == 0)
            s->CPL = Kernel;
        s->EFLAGS_IOPL = 0;
        s->EFLAGS_IF = 1;
        s->INTR = 0;
        s->NMI_PENDING = 0;
        s->CR4_TSD = 1;
        s->GDTR_limit = 0;
        s->SYSENTER_CS = 0;
        s->VMX_MODE = 0;
        s->SEG_sel[LocalTable] = 0;
        s->SEG_sel[Task] = 0;
        foreach (int segment in Tables)
            (s->SEG_limit[segment], s->SEG_rtop[segment], s->SEG_wtop[segment]) = (0, 0, 0);
    }

    /// <inheritdoc/>
    public bool IsIntact(CpuHeader* realState, CpuHeader* virtualState)
    {
        var s = (X86State*)realState;
        var v = (X86State*)virtualState;
        return s->CPL == (v->CPL == 0 ? Kernel : Application) && s->EFLAGS_IOPL == 0 && s->EFLAGS_IF == 1 && s->EFLAGS_VM == 0 && s->CR4_TSD == 1
            && s->GDTR_limit == 0 && s->SEG_limit[LocalTable] == 0 && s->SEG_limit[Task] == 0 && s->SYSENTER_CS == 0
            && s->CR0_PE == v->CR0_PE && s->CR0_PG == v->CR0_PG && s->CR0_WP == v->CR0_WP && s->CR3 == v->CR3 && s->CR4_PAE == v->CR4_PAE && s->CR4_PSE == v->CR4_PSE
            && s->IDTR_base == v->IDTR_base && s->IDTR_limit == v->IDTR_limit && s->GDTR_base == v->GDTR_base && s->DR7_ENABLE == v->DR7_ENABLE && s->EFER_NXE == v->EFER_NXE
            && s->TSC_OFFSET == v->TSC_OFFSET && s->VMX_MODE == 0 && s->HALTED == 0 && s->SHUTDOWN == 0;
    }

    /// <inheritdoc/>
    public void Restore(CpuHeader* realState, CpuHeader* virtualState)
    {
        var s = (X86State*)realState;
        var v = (X86State*)virtualState;
        s->CPL = v->CPL;
        s->EFLAGS_IOPL = v->EFLAGS_IOPL;
        s->EFLAGS_IF = v->EFLAGS_IF;
        s->INTR = v->INTR;
        s->NMI_PENDING = v->NMI_PENDING;
        s->CR4_TSD = v->CR4_TSD;
        s->GDTR_limit = v->GDTR_limit;
        s->SYSENTER_CS = v->SYSENTER_CS;
        s->VMX_MODE = v->VMX_MODE;
        s->SEG_sel[LocalTable] = v->SEG_sel[LocalTable];
        s->SEG_sel[Task] = v->SEG_sel[Task];
        foreach (int segment in Tables)
            (s->SEG_limit[segment], s->SEG_rtop[segment], s->SEG_wtop[segment]) = (v->SEG_limit[segment], v->SEG_rtop[segment], v->SEG_wtop[segment]);
    }
}
