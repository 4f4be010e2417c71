namespace Emulator.Runtime;

/// <summary>Sees every instruction. With an observer the engine executes one instruction at a time; without one nothing is paid.</summary>
public unsafe interface IExecutionObserver
{
    /// <summary>An instruction is about to start.</summary>
    void OnStarting(CpuHeader* state, DecodedOp* operation);

    /// <summary>The instruction started last is over, and a trap it raised is delivered.</summary>
    void OnFinished(CpuHeader* state);

    /// <summary>A trap is about to be delivered; the program counter stands where its class says.</summary>
    void OnTrap(CpuHeader* state, int trap, ulong a, ulong b);
}
