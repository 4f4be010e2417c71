using System.Runtime.InteropServices;

namespace Emulator.Kvm.Tests.Host;

/// <summary>The C library calls a client of /dev/kvm needs.</summary>
internal static unsafe partial class HostCalls
{
    public const int ReadWrite = 2, CloseOnExec = 0x80000;
    public const int ProtectReadWrite = 3, MapShared = 1;
    public const int UserSignal = 10; // SIGUSR1

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial byte* Map(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "signal")]
    public static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "siginterrupt")]
    public static partial int InterruptedBy(int number, int interrupts);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    public static partial nint ThreadSelf();

    [LibraryImport("libc", EntryPoint = "pthread_getcpuclockid")]
    public static partial int CpuClockOf(nint thread, int* clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int TimeOf(int clock, long* secondsAndNanoseconds);

    [LibraryImport("libc", EntryPoint = "pthread_kill")]
    public static partial int ThreadKill(nint thread, int number);
}
