namespace Emulator.Machines;

/// <summary>Interrupt lines of a hart.</summary>
internal enum VirtLine
{
    /// <summary>MSIP: another hart calls.</summary>
    MachineSoftware,

    /// <summary>MTIP: the comparator is reached.</summary>
    MachineTimer,

    /// <summary>MEIP: the interrupt controller's context for machine mode.</summary>
    MachineExternal,

    /// <summary>SEIP: the interrupt controller's context for supervisor mode.</summary>
    SupervisorExternal,
}
