namespace Emulator.Kvm;

/// <summary>Values of <c>kvm_run.internal.suberror</c>.</summary>
public enum KvmInternalError : uint
{
    /// <summary>An instruction that cannot be executed: it was to be fetched from where no memory is.</summary>
    Emulation = 1,

    /// <summary>An event could not be delivered: its vector table or stack lies where no memory is.</summary>
    DeliveryEvent = 3,
}
