namespace Emulator.Kvm;

/// <summary>Why a backend came back.</summary>
public enum BackendExit
{
    /// <summary>The instructions allowed were executed, or it was told to stop.</summary>
    None,

    /// <summary>An access the client must carry out: <see cref="IVcpuBackend.Access"/>.</summary>
    Access,

    /// <summary>The processor waits for an interrupt: HLT or WFI was executed.</summary>
    Halt,

    /// <summary>The processor shut down: a triple fault.</summary>
    Shutdown,

    /// <summary>An interrupt can be taken now.</summary>
    WindowOpen,

    /// <summary>The next instruction would have to be fetched from where no memory is.</summary>
    FetchFailure,

    /// <summary>An event could not be delivered, because its tables or its stack lie where no memory is.</summary>
    DeliveryFailure,

    /// <summary>The guest's kernel calls the environment: an ECALL in supervisor mode, which is the next instruction still.</summary>
    Call,
}
