namespace Emulator.Tour.Kernel;

/// <summary>Offsets in the frame that stubs and `interrupt_common` build on the kernel stack; handlers find it at EBP.</summary>
internal static class Frame
{
    public const int Ebx = 24;
    public const int Edx = 28;
    public const int Ecx = 32;
    public const int Eax = 36;
    public const int Vector = 40;
    public const int ErrorCode = 44;
    public const int Eip = 48;
    public const int Cs = 52;
    public const int Eflags = 56;
}
