namespace Emulator.Cli.Boot;

/// <summary>Machines `boot` can build.</summary>
internal enum MachineKind
{
    /// <summary>A PC (docs/pc.md).</summary>
    Pc,

    /// <summary>The RISC-V machine virt (docs/virt.md).</summary>
    Virt,
}
