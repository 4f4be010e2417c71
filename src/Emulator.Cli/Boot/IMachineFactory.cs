namespace Emulator.Cli.Boot;

/// <summary>Builds machines.</summary>
internal interface IMachineFactory
{
    /// <summary>Builds a machine that is ready to run.</summary>
    /// <exception cref="UserErrorException">An image is not what it should be.</exception>
    IMachine Create(BootRequest request, MachineOutputs outputs);
}
