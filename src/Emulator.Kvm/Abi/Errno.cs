namespace Emulator.Kvm;

/// <summary>Error numbers of Linux that KVM's calls give (asm-generic/errno-base.h and errno.h).</summary>
public enum Errno
{
    /// <summary>No such thing: a slot without a dirty log, a register.</summary>
    ENOENT = 2,

    /// <summary>Interrupted: a signal was pending, or immediate_exit was set.</summary>
    EINTR = 4,

    /// <summary>The buffer is too small.</summary>
    E2BIG = 7,

    /// <summary>A null pointer where a structure is needed.</summary>
    EFAULT = 14,

    /// <summary>Too late: what is fixed once the vCPU has run.</summary>
    EBUSY = 16,

    /// <summary>It exists already: a vCPU, an overlapping memory slot.</summary>
    EEXIST = 17,

    /// <summary>An argument has a value that is not allowed.</summary>
    EINVAL = 22,

    /// <summary>Not a request this object knows (VM).</summary>
    ENOTTY = 25,
}
