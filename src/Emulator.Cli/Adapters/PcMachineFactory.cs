using Emulator.Machines;
using Emulator.Tour;

namespace Emulator.Cli.Boot;

/// <summary>Builds PCs.</summary>
internal sealed class PcMachineFactory : IMachineFactory
{
    /// <inheritdoc/>
    public IMachine Create(BootRequest request, MachineOutputs outputs)
    {
        var isTour = request.Bios is null && request.Kernel is null;
        var builder = new PcBuilder
        {
            MemorySize = (ulong)request.Memory,
            Firmware = Image(request.Bios),
            VgaRom = Image(request.VgaRom),
            Kernel = isTour ? new ImageFile("the tour", TourImage.Build().Bytes) : Image(request.Kernel),
            RawAddress = request.RawAddress,
            CommandLine = request.Append,
            DebugConsole = outputs.DebugConsole,
            Serial = outputs.Serial,
            WallClock = request.WallClock,
            SingleStep = request.SingleStep,
        };
        foreach (var (file, commandLine) in request.Modules)
        {
            builder.AddModule(Image(file)!, commandLine);
        }

        return builder.Build().TryGet(out var machine, out var error)
            ? new PcAdapter(machine)
            : throw new UserErrorException(ExitCodes.BadImage, $"{error}.");
    }

    private static ImageFile? Image(InputFile? file) => file is null ? null : new ImageFile(file.Path, file.Bytes);
}
