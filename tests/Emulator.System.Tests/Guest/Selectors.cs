namespace Emulator.System.Tests.Guest;

/// <summary>Selectors of the descriptor table every scenario starts with. Code0 to Data3 stand as SYSENTER wants them.</summary>
internal static class Selectors
{
    public const ushort Code0 = 0x08;
    public const ushort Data0 = 0x10;
    public const ushort Code3 = 0x18 | 3;
    public const ushort Data3 = 0x20 | 3;
    public const ushort Tss = 0x28;
    public const ushort Ldt = 0x30;
    public const ushort TaskTss = 0x38;
    public const ushort TaskTss16 = 0x40;

    /// <summary>Two slots for the descriptors a scenario is about; empty at first.</summary>
    public const ushort SlotA = 0x48;
    public const ushort SlotB = 0x50;

    public const ushort Code16 = 0x58;
    public const ushort Data16 = 0x60;
    public const ushort Conforming0 = 0x68;
    public const ushort Code1 = 0x70 | 1;
    public const ushort Data1 = 0x78 | 1;
    public const ushort Code2 = 0x80 | 2;
    public const ushort Data2 = 0x88 | 2;
    public const ushort TaskGate = 0x90;
    public const ushort Code16User = 0x98 | 3;
    public const ushort Data16User = 0xA0 | 3;
    public const ushort OtherTss = 0xA8;
    public const ushort Conforming3 = 0xB0;

    /// <summary>First selector past the table.</summary>
    public const ushort Outside = 0x200;
}
