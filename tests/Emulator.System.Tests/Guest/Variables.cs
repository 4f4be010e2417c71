namespace Emulator.System.Tests.Guest;

/// <summary>The monitor's variables, and the record of an event it prints.</summary>
internal static class Variables
{
    public const uint Index = Layout.Variables;
    public const uint Scenario = Layout.Variables + 4;
    public const uint Event = Layout.Variables + 8;
    public const uint SavedStack = Layout.Variables + 12;
    public const uint Frame = Layout.Variables + 24;
    /// <summary>Address after the last character of the line being written.</summary>
    public const uint LineEnd = Layout.Variables + 28;
    public const uint Line = Layout.Variables + 0x200;
    public const uint Record = Layout.Variables + 0x40;

    // Words of the record.
    public const int Vector = 0, Error = 1, Eip = 2, Cs = 3, Flags = 4, Esp = 5, Ss = 6, Es = 7, Ds = 8, Fs = 9, Gs = 10;
    public const int HandlerSs = 11, HandlerEsp = 12, HandlerFlags = 13, Cr0 = 14, Cr2 = 15, Dr6 = 16, Dr7 = 17, Tr = 18, Ldtr = 19;
    public const int Edi = 20, Esi = 21, Ebp = 22, Ebx = 24, Edx = 25, Ecx = 26, Eax = 27;
    public const int Words = 28;

    /// <summary>What the general registers hold when a scenario starts; EAX first.</summary>
    public static readonly uint[] InitialRegisters = [0xA0A1A2A3, 0xC0C1C2C3, 0xD0D1D2D3, 0xB0B1B2B3, 0, 0xE0E1E2E3, 0x50515253, 0x60616263];
}
