using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>How a monitor hosts the guests of an instruction set: which real resources it keeps for itself while the guest runs. The counterpart of a profile in the spec.</summary>
public unsafe interface IHosting
{
    /// <summary>The profile of the spec this is.</summary>
    string Profile { get; }

    /// <summary>Whether the real mode tells the memories' modes (their `per` conditions) apart as the guest's does; if not, what was translated for one mode of the guest is dropped when
    /// the guest enters another.</summary>
    bool KeepsMemoryModes { get; }

    /// <summary>Whether <see cref="Deprivilege"/> and <see cref="Restore"/> leave what is derived from states as it must be, so that nothing needs to be recomputed at an entry or exit. Attention is not meant: it
    /// does not hold when the guest starts, and is recomputed when the real CPU comes back with it.</summary>
    bool KeepsDerived => false;

    /// <summary>Whether the guest's mode can be mapped to one the hosting has; instructions of other modes are interpreted (a hybrid monitor, Theorem 3).</summary>
    bool RunsDirectly(CpuHeader* virtualState);

    /// <summary>Takes the real resources away from a state that is a copy of the virtual one: mode, interrupts, tables.</summary>
    void Deprivilege(CpuHeader* realState);

    /// <summary>Whether the real resources are as <see cref="Deprivilege"/> left them, whatever the guest has executed since: the paper's resource control.</summary>
    bool IsIntact(CpuHeader* realState, CpuHeader* virtualState);

    /// <summary>Puts back into the real state what <see cref="Deprivilege"/> changed, from the virtual state.</summary>
    void Restore(CpuHeader* realState, CpuHeader* virtualState);
}
