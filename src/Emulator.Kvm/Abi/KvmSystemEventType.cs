namespace Emulator.Kvm;

/// <summary>Values of <c>kvm_run.system_event.type</c> (KVM_SYSTEM_EVENT_*).</summary>
public enum KvmSystemEventType : uint
{
    Shutdown = 1,
    Reset = 2,
    Crash = 3,
}
