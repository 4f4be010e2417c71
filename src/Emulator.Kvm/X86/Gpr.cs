namespace Emulator.Kvm;

/// <summary>Numbers of the general registers, as the processor encodes them.</summary>
internal static class Gpr
{
    public const int Eax = 0, Ecx = 1, Edx = 2, Ebx = 3, Esp = 4, Ebp = 5, Esi = 6, Edi = 7;
}
