using Emulator.Hypervisor;
using Emulator.Machines;
using Emulator.Tour;

namespace Emulator.Cli.Boot;

/// <summary>Builds PCs and virt machines.</summary>
internal sealed class MachineFactory : IMachineFactory
{
    /// <inheritdoc/>
    public IMachine Create(BootRequest request, MachineOutputs outputs) =>
        request.Machine == MachineKind.Virt ? CreateVirt(request, outputs) : CreatePc(request, outputs);

    private static PcAdapter CreatePc(BootRequest request, MachineOutputs outputs)
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

        var monitors = Monitors(request);
        return builder.Build().TryGet(out var machine, out var error)
            ? new PcAdapter(machine, monitors)
            : throw new UserErrorException(ExitCodes.BadImage, $"{error}.");
    }

    private static VirtAdapter CreateVirt(BootRequest request, MachineOutputs outputs)
    {
        var builder = new VirtBuilder
        {
            Xlen = request.Xlen,
            Harts = request.Harts,
            MemorySize = (ulong)request.Memory,
            Bios = Image(request.Bios),
            Kernel = Image(request.Kernel),
            Initrd = request.Modules.Count > 0 ? Image(request.Modules[0].File) : null,
            Disk = Image(request.Disk),
            CommandLine = request.Append,
            Serial = outputs.Serial,
            Console = outputs.DebugConsole,
            WallClock = request.WallClock,
            SingleStep = request.SingleStep,
        };
        var monitors = Monitors(request);
        return builder.Build().TryGet(out var machine, out var error)
            ? new VirtAdapter(machine, monitors)
            : throw new UserErrorException(ExitCodes.BadImage, $"{error}.");
    }

    private static Monitors? Monitors(BootRequest request) => request.Monitor is { } policy ? new Monitors(policy, request.MonitorDepth, request.Paging) : null;

    private static ImageFile? Image(InputFile? file) => file is null ? null : new ImageFile(file.Path, file.Bytes);
}
