namespace Emulator.Kvm;

/// <summary>What the ioctl fronts of all objects share.</summary>
internal static unsafe class KvmIoctl
{
    /// <summary>A pointer to a structure; EFAULT for null.</summary>
    public static T* NotNull<T>(void* pointer, string call)
        where T : unmanaged
        => pointer != null ? (T*)pointer : throw new KvmException(Errno.EFAULT, call, "the structure is a null pointer", "point to one");
}
