namespace Emulator.System.Tests.Guest;

/// <summary>Where everything lies, by physical address. What scenarios use is below 1 MB so that every mode reaches it.</summary>
internal static class Layout
{
    // Tables: copied afresh from the image before every scenario.
    public const uint Tables = 0x10000;
    public const uint TablesSize = 0x4000;
    public const uint Gdt = 0x10000;
    public const uint GdtSize = 0x200;
    public const uint Idt = 0x10800;
    public const uint Ldt = 0x11000;
    public const uint LdtSize = 0x40;
    public const uint Tss = 0x12000;
    public const uint TaskTss = 0x13000;
    public const uint TaskTss16 = 0x13100;
    public const uint OtherTss = 0x13200;

    /// <summary>16-bit code: segment 2000 in real and virtual-8086 mode, base of the 16-bit code segments.</summary>
    public const uint Code16 = 0x20000;
    public const ushort Code16Segment = 0x2000;

    /// <summary>Stack of real and virtual-8086 mode, and base of the 16-bit stack segment.</summary>
    public const uint Stack16 = 0x30000;
    public const ushort Stack16Segment = 0x3000;
    public const ushort Stack16Top = 0x1000;

    /// <summary>4 KB of zeros for a scenario to use.</summary>
    public const uint Data = 0x40000;
    public const uint DataSize = 0x1000;

    // Tops of the stacks, one for each level, one for the monitor itself and one for other tasks.
    public const uint Stack0 = 0x52000;
    public const uint Stack3 = 0x54000;
    public const uint Inner0 = 0x56000;
    public const uint Inner1 = 0x58000;
    public const uint Inner2 = 0x5A000;
    public const uint MonitorStack = 0x5C000;
    public const uint TaskStack = 0x5E000;

    /// <summary>32-bit code of a scenario; its user-mode part follows at <see cref="User32"/>.</summary>
    public const uint Code32 = 0x60000;
    public const uint User32 = 0x60100;
    /// <summary>A second routine of a scenario: the target of a gate, the code of another task.</summary>
    public const uint Other32 = 0x60200;

    /// <summary>Page tables of a scenario: eight pages.</summary>
    public const uint PageTables = 0x70000;
    public const uint Variables = 0x7C000;

    // The monitor.
    public const uint Image = 0x100000;
    public const uint Entry = 0x100040;
    public const uint NextScenario = 0x101000;
    public const uint StartScenario = 0x101400;
    public const uint StartRegisters = 0x101700;
    public const uint EndScenario = 0x101800;
    public const uint Handler = 0x102000;
    public const uint Stubs = 0x103000;
    public const uint StubSize = 16;
    public const uint ImageData = 0x104000;
}
