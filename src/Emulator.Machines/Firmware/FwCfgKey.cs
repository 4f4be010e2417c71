namespace Emulator.Machines;

/// <summary>Numbered items of <see cref="FwCfg"/> (QEMU, include/standard-headers/linux/qemu_fw_cfg.h).</summary>
public enum FwCfgKey : ushort
{
    /// <summary>"QEMU".</summary>
    Signature = 0x00,

    /// <summary>Version bits: 0 ports, 1 DMA; 32 bits.</summary>
    Id = 0x01,

    /// <summary>System UUID, 16 bytes.</summary>
    Uuid = 0x02,

    /// <summary>Bytes of RAM, 64 bits.</summary>
    RamSize = 0x03,

    /// <summary>Non-zero without a graphics adapter, 16 bits.</summary>
    NoGraphic = 0x04,

    /// <summary>Processors at start, 16 bits.</summary>
    CpuCount = 0x05,

    /// <summary>NUMA nodes: a count and per-processor node numbers, 64 bits each.</summary>
    Numa = 0x0D,

    /// <summary>Non-zero shows the boot menu, 16 bits.</summary>
    BootMenu = 0x0E,

    /// <summary>Most processors, 16 bits.</summary>
    MaxCpus = 0x0F,

    /// <summary>ACPI tables: a 16-bit count, then lengths and tables.</summary>
    AcpiTables = 0x8000,

    /// <summary>SMBIOS entries: a 16-bit count, then entries.</summary>
    SmbiosEntries = 0x8001,

    /// <summary>Non-zero when IRQ 0 arrives at pin 2 of an I/O APIC, 8 bits.</summary>
    Irq0Override = 0x8002,

    /// <summary>Reserved address ranges: a 32-bit count, then entries.</summary>
    E820Table = 0x8003,
}
