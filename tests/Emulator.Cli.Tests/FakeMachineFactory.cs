using Emulator.Cli.Boot;

namespace Emulator.Cli.Tests;

/// <summary>Makes a <see cref="FakeMachine"/> and remembers what was asked for.</summary>
internal sealed class FakeMachineFactory(long lifetime, SliceResult end) : IMachineFactory
{
    public BootRequest? Request { get; private set; }

    public FakeMachine? Machine { get; private set; }

    public IMachine Create(BootRequest request, MachineOutputs outputs)
    {
        Request = request;
        return Machine = new FakeMachine(outputs, lifetime, end);
    }
}
