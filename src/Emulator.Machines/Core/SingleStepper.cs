using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>Observes nothing: its presence makes the engine execute one instruction at a time.</summary>
internal sealed unsafe class SingleStepper : IExecutionObserver
{
    public void OnStarting(CpuHeader* state, DecodedOp* operation)
    {
    }

    public void OnFinished(CpuHeader* state)
    {
    }

    public void OnTrap(CpuHeader* state, int trap, ulong a, ulong b)
    {
    }
}
