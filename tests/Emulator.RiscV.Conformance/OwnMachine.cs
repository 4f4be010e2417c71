using Emulator.Machines;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Runs an image on our virt machine.</summary>
internal static class OwnMachine
{
    /// <summary>RAM after the run, and how many instructions it took.</summary>
    public static (byte[] Memory, long Instructions) Run(RiscvWidth width, Image image)
    {
        // The device tree goes to the end of RAM: the image ends before.
        var builder = new VirtBuilder { Xlen = width.Xlen, MemorySize = Layout.MemorySize, Kernel = new ImageFile("image", image.Bytes.AsMemory(0, Layout.MemorySize - (4 << 20))) };
        Assert.True(builder.Build().TryGet(out VirtMachine? machine, out ImageError? error), $"{error}");
        using (machine)
        {
            VirtRun run = machine.Run(100_000_000);
            Assert.True(run.End == VirtEnd.PowerOff, $"{run.End} at {machine.Harts[0].Pc:x}");
            var memory = new byte[Layout.MemorySize];
            machine.Memory.CopyOut(Layout.Base, memory);
            return (memory, run.Instructions);
        }
    }
}
