namespace Emulator.Runtime;

/// <summary>What executes a CPU's instructions in place of its engine: a monitor.</summary>
public interface IExecutor
{
    /// <summary>Runs until <see cref="CpuHeader.Remaining"/> of the CPU's state is 0 or something else ends the run, as <see cref="Engine{TIsa}.Run"/> does.</summary>
    RunReason Run();

    /// <summary>Forgets all decoded code: memory was changed behind its back.</summary>
    void DropCode();

    /// <summary>Somebody asked the CPU to stop: <see cref="CpuHeader.StopRequested"/> of its state is set. From any thread.</summary>
    void RequestStop();
}
