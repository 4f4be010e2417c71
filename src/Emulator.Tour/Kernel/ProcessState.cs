namespace Emulator.Tour.Kernel;

/// <summary>Values of the state field of a process control block.</summary>
internal static class ProcessState
{
    public const int Free = 0;
    public const int Ready = 1;
    public const int Running = 2;
    public const int Exited = 3;
    public const int Killed = 4;
}
