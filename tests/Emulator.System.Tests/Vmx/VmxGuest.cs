using System.Buffers.Binary;
using System.Text;
using Emulator.Machines;
using Emulator.Testing;

namespace Emulator.System.Tests.Vmx;

/// <summary>The guest hypervisor of tests/guests/vmx: its scenarios, or random changes of VMCSs.</summary>
internal sealed class VmxGuest
{
    /// <summary>A processor with VMX, EPT, VPID and unrestricted guests.</summary>
    private const string BochsModel = "corei7_haswell_4770";

    /// <summary>What the program's settings (struct settings of vmx.h) begin with.</summary>
    private const string Mark = "VMXGUEST-CONFIG\0";

    private const long Budget = 20_000_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly byte[] kernel, disk;

    private VmxGuest(byte[] kernel, byte[] disk)
    {
        this.kernel = kernel;
        this.disk = disk;
    }

    /// <summary>The program with all its scenarios.</summary>
    public static VmxGuest Scenarios() => new(File.ReadAllBytes(GuestPrograms.PathOf("vmx.elf")), File.ReadAllBytes(GuestPrograms.PathOf("vmx.img")));

    /// <summary>The program in its random mode.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="fields">How many fields each changes; 0: random guests under random controls instead.</param>
    public static VmxGuest Random(uint first, uint seeds, uint fields)
    {
        var guest = Scenarios();
        foreach (var image in (byte[][])[guest.kernel, guest.disk])
        {
            var settings = image.AsSpan(image.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark)) + Mark.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(settings, first);
            BinaryPrimitives.WriteUInt32LittleEndian(settings[4..], seeds);
            BinaryPrimitives.WriteUInt32LittleEndian(settings[8..], fields);
        }

        return guest;
    }

    /// <summary>What it printed on our PC, and how the run ended.</summary>
    public (VmxTranscript Transcript, PcRun Run) RunOwn(bool singleStep = false)
    {
        var text = new StringBuilder();
        var builder = new PcBuilder { Kernel = new ImageFile("vmx", kernel), DebugConsole = value => text.Append((char)value), SingleStep = singleStep };
        using var machine = builder.Build().Value!;
        var run = machine.Run(Budget);
        return (VmxTranscript.Parse(text.ToString()), run);
    }

    /// <summary>What it printed in Bochs.</summary>
    public async Task<VmxTranscript> RunBochsAsync() => VmxTranscript.Parse(await Bochs.RunAsync(disk, BochsModel, Patience));
}
