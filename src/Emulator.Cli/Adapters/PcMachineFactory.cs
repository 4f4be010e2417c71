namespace Emulator.Cli.Boot;

/// <summary>Builds PCs.</summary>
internal sealed class PcMachineFactory : IMachineFactory
{
    /// <inheritdoc/>
    public IMachine Create(BootRequest request, MachineOutputs outputs) =>
        throw new UserErrorException(ExitCodes.Usage, "this build has no machine.");
}
