namespace Emulator.Tour.Kernel;

/// <summary>The process control blocks (PCB): the kernel's own thread of control is 0, the processes are 1 (A) and 2 (B).</summary>
internal static class ProcessTable
{
    public const int Size = 3;
    public const int BlockSize = 32;

    // Offsets in a block.
    public const int State = 0;
    public const int KernelEsp = 4;
    public const int KernelStackTop = 8;
    public const int Cr3 = 12;
    public const int Id = 16;
    public const int ExitCode = 20;

    /// <summary>Where the process wants to continue after its next fault; 0 when a fault shall kill it.</summary>
    public const int Resume = 24;

    /// <summary>Address of a block.</summary>
    public static uint Address(int index) => Variables.ProcessTable + (uint)(index * BlockSize);

    /// <summary>Address of a field.</summary>
    public static uint Field(int index, int field) => Address(index) + (uint)field;
}
