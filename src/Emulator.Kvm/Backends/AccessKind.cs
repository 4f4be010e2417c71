namespace Emulator.Kvm;

/// <summary>Where an access that leaves the machine goes.</summary>
public enum AccessKind
{
    /// <summary>An I/O port.</summary>
    Port,

    /// <summary>A physical address.</summary>
    Memory,
}
