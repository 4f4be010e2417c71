namespace Emulator.Kvm;

/// <summary>A call of the API failed the way KVM's would.</summary>
public sealed class KvmException : Exception
{
    /// <summary>Makes the exception of a failed call.</summary>
    /// <param name="errno">What the ioctl would leave in errno.</param>
    /// <param name="call">The call, in KVM's words (<c>KVM_SET_SREGS</c>).</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="remedy">What to do instead.</param>
    public KvmException(Errno errno, string call, string problem, string remedy)
        : base($"{call}: {problem} ({errno}); {remedy}")
    {
        Errno = errno;
        Call = call;
    }

    /// <summary>What the ioctl would leave in errno.</summary>
    public Errno Errno { get; }

    /// <summary>The call that failed, in KVM's words.</summary>
    public string Call { get; }
}
