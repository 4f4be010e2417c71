using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>Describes a virt machine to its guest, with the nodes and compatible strings firmware and kernels know from QEMU's machine.</summary>
internal static class VirtDeviceTree
{
    // Handles by which nodes refer to each other; those of the harts' interrupt controllers follow.
    private const uint PlicHandle = 1, TestHandle = 2, FirstHartHandle = 3;
    private const uint MachineSoftware = 3, MachineTimer = 7, MachineExternal = 11, SupervisorExternal = 9;

    /// <summary>Clock of the serial port, from which its divisor makes 115200 baud.</summary>
    private const uint UartClock = 1_843_200;

    /// <summary>Builds the tree.</summary>
    public static byte[] Build(VirtBuilder builder, RamRange? initrd)
    {
        var tree = new FdtWriter();
        tree.Begin("").Cells("#address-cells", 2).Cells("#size-cells", 2).Text("compatible", "riscv-virtio").Text("model", "riscv-virtio,emulator");
        Chosen(tree, builder, initrd);
        tree.Begin($"memory@{VirtMap.Ram:x}").Text("device_type", "memory").Wide("reg", VirtMap.Ram, builder.MemorySize).End();
        Harts(tree, builder);
        tree.Begin("soc").Cells("#address-cells", 2).Cells("#size-cells", 2).Text("compatible", "simple-bus").Empty("ranges");
        Devices(tree, builder.Harts);
        tree.End();
        Switch(tree, "poweroff", "syscon-poweroff", SifiveTest.Pass);
        Switch(tree, "reboot", "syscon-reboot", SifiveTest.Reset);
        return tree.End().Build();
    }

    /// <summary>The ISA string of a width, from what its description has.</summary>
    internal static string Isa(int xlen)
    {
        IsaMetadata metadata = xlen == 64 ? Rv64Metadata.Instance : Rv32Metadata.Instance;
        var instructions = metadata.Forms.Select(form => form.Instruction).ToHashSet();
        (string Extension, string Instruction)[] letters = [("i", "ADDI"), ("m", "MUL"), ("a", "LR_W"), ("f", "FADD_S"), ("d", "FADD_D"), ("c", "C_ADDI"), ("h", "HFENCE_VVMA")];
        (string Extension, string Instruction)[] names =
            [("_zicsr", "CSRRW"), ("_zifencei", "FENCE_I"), ("_zba", "SH1ADD"), ("_zbb", "ANDN"), ("_zbs", "BSET")];
        return $"rv{xlen}" + string.Concat(letters.Concat(names).Where(e => instructions.Contains(e.Instruction)).Select(e => e.Extension));
    }

    private static void Chosen(FdtWriter tree, VirtBuilder builder, RamRange? initrd)
    {
        tree.Begin("chosen").Text("stdout-path", $"/soc/serial@{VirtMap.Uart:x}");
        if (builder.CommandLine.Length > 0)
            tree.Text("bootargs", builder.CommandLine);
        if (initrd is not null)
            tree.Wide("linux,initrd-start", initrd.Start).Wide("linux,initrd-end", initrd.End);
        tree.End();
    }

    private static void Harts(FdtWriter tree, VirtBuilder builder)
    {
        tree.Begin("cpus").Cells("#address-cells", 1).Cells("#size-cells", 0).Cells("timebase-frequency", (uint)Clint.Frequency);
        for (uint hart = 0; hart < builder.Harts; hart++)
        {
            tree.Begin($"cpu@{hart:x}").Text("device_type", "cpu").Cells("reg", hart).Text("status", "okay").Text("compatible", "riscv");
            tree.Text("riscv,isa", Isa(builder.Xlen)).Text("mmu-type", builder.Xlen == 64 ? "riscv,sv48" : "riscv,sv32");
            tree.Begin("interrupt-controller").Cells("#address-cells", 0).Cells("#interrupt-cells", 1).Empty("interrupt-controller").Text("compatible", "riscv,cpu-intc");
            tree.Cells("phandle", FirstHartHandle + hart).End().End();
        }

        tree.End();
    }

    private static void Devices(FdtWriter tree, int harts)
    {
        Node(tree, "test", VirtMap.Test, SifiveTest.Size, "sifive,test1", "sifive,test0", "syscon").Cells("phandle", TestHandle).End();
        Interrupt(Node(tree, "rtc", VirtMap.Rtc, GoldfishRtc.Size, "google,goldfish-rtc"), VirtMap.RtcIrq).End();
        Interrupt(Node(tree, "serial", VirtMap.Uart, 0x100, "ns16550a"), VirtMap.UartIrq).Cells("clock-frequency", UartClock).End();
        for (uint slot = 0; slot < VirtMap.VirtioSlots; slot++)
            Interrupt(Node(tree, "virtio_mmio", VirtMap.Virtio + (slot * VirtioMmio.Size), VirtioMmio.Size, "virtio,mmio"), VirtMap.VirtioIrq + slot).End();

        var external = new List<uint>();
        var local = new List<uint>();
        for (uint hart = 0; hart < harts; hart++)
        {
            external.AddRange([FirstHartHandle + hart, MachineExternal, FirstHartHandle + hart, SupervisorExternal]);
            local.AddRange([FirstHartHandle + hart, MachineSoftware, FirstHartHandle + hart, MachineTimer]);
        }

        Node(tree, "plic", VirtMap.Plic, Plic.Size, "sifive,plic-1.0.0", "riscv,plic0").Cells("interrupts-extended", [.. external])
            .Empty("interrupt-controller").Cells("#interrupt-cells", 1).Cells("#address-cells", 0).Cells("riscv,ndev", Plic.Sources).Cells("phandle", PlicHandle).End();
        Node(tree, "clint", VirtMap.Clint, Clint.Size, "sifive,clint0", "riscv,clint0").Cells("interrupts-extended", [.. local]).End();
    }

    private static FdtWriter Node(FdtWriter tree, string name, ulong address, ulong size, params ReadOnlySpan<string> compatible) =>
        tree.Begin($"{name}@{address:x}").Wide("reg", address, size).Text("compatible", compatible);

    private static FdtWriter Interrupt(FdtWriter tree, uint source) => tree.Cells("interrupts", source).Cells("interrupt-parent", PlicHandle);

    private static void Switch(FdtWriter tree, string name, string compatible, uint value) =>
        tree.Begin(name).Text("compatible", compatible).Cells("regmap", TestHandle).Cells("offset", 0).Cells("value", value).End();
}
