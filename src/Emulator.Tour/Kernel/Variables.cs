namespace Emulator.Tour.Kernel;

/// <summary>Addresses of the kernel's variables; 32 bits each, zero at start.</summary>
internal static class Variables
{
    public const uint Row = Layout.Variables + 0x00;
    public const uint Column = Layout.Variables + 0x04;
    public const uint Attribute = Layout.Variables + 0x08;
    public const uint NextFrame = Layout.Variables + 0x0C;
    public const uint Current = Layout.Variables + 0x10;
    public const uint Switches = Layout.Variables + 0x14;
    public const uint KernelResume = Layout.Variables + 0x18;
    public const uint ChecksPassed = Layout.Variables + 0x1C;
    public const uint ChecksFailed = Layout.Variables + 0x20;
    public const uint BootMagic = Layout.Variables + 0x24;
    public const uint Scratch = Layout.Variables + 0x28;

    /// <summary>The task-state segment (104 bytes), from which the processor takes the ring 0 stack.</summary>
    public const uint Tss = Layout.Variables + 0x100;

    /// <summary>The process control blocks.</summary>
    public const uint ProcessTable = Layout.Variables + 0x200;

    /// <summary>Timer ticks since start. It has a page of its own, which every process may read.</summary>
    public const uint Ticks = Layout.ClockFrame;
}
