using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>Shadow page tables under one virtual CPU.</summary>
internal unsafe interface IShadowPaging : IDisposable
{
    /// <summary>The physical address space of the real CPU: the guest's, and the monitor's own frames.</summary>
    RealMemory Memory { get; }

    /// <summary>Counters.</summary>
    ShadowStatistics Statistics { get; }

    /// <summary>Whether the guest can run on shadows now: there is room for them beside its memory.</summary>
    bool IsReady { get; }

    /// <summary>Gives the real CPU, whose state is a copy of the virtual one, the tables that stand for the guest's present address space.</summary>
    void Load(CpuHeader* virtualState, CpuHeader* realState);

    /// <summary>Whether what <see cref="Load"/> set is still so.</summary>
    bool IsIntact(CpuHeader* realState);

    /// <summary>Puts back into the real state what <see cref="Load"/> changed, from the virtual state.</summary>
    void Restore(CpuHeader* realState, CpuHeader* virtualState);

    /// <summary>The real CPU left with a trap. True when it was a page fault that was none of the guest's: its address is mapped now, and the guest goes on.</summary>
    bool Handle(CpuHeader* virtualState, VmExits exits);

    /// <summary>Forgets every table: guest memory was changed unseen.</summary>
    void DropAll();
}
