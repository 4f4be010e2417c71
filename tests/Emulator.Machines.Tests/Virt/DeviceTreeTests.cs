using System.Buffers.Binary;
using System.Diagnostics;
using Emulator.Machines.Tests.Reference;

namespace Emulator.Machines.Tests.Virt;

/// <summary>The device tree: read back here, and by the device tree compiler.</summary>
public sealed class DeviceTreeTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        byte[] tree = new FdtWriter().Begin("").Cells("cells", 1, 2).Text("text", "a", "bc").Begin("node@1").Empty("flag").Wide("wide", 0x1_0000_0002).Bytes("cells", [7]).End().End().Build(3);
        Dictionary<string, byte[]> properties = Fdt.Read(tree);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 2], properties["/cells"]);
        Assert.Equal("a\0bc\0"u8.ToArray(), properties["/text"]);
        Assert.Empty(properties["/node@1/flag"]);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 2], properties["/node@1/wide"]);
        Assert.Equal([7], properties["/node@1/cells"]);
        Assert.Equal(3u, Fdt.U32(tree, 28));
        Assert.Throws<InvalidOperationException>(() => new FdtWriter().Begin("").Build());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void The_machine_is_described_as_it_is(int xlen)
    {
        Dictionary<string, byte[]> tree = Fdt.Read(VirtDeviceTree.Build(Builder(xlen), new RamRange(0x8400_0000, 0x8400_1234)));
        Assert.Equal("console=ttyS0", Fdt.Text(tree["/chosen/bootargs"]));
        Assert.Equal(0x8400_1234ul, BinaryPrimitives.ReadUInt64BigEndian(tree["/chosen/linux,initrd-end"]));
        Assert.Equal(32ul << 20, BinaryPrimitives.ReadUInt64BigEndian(tree["/memory@80000000/reg"].AsSpan(8)));
        Assert.StartsWith($"rv{xlen}ima", Fdt.Text(tree["/cpus/cpu@1/riscv,isa"]));
        Assert.Contains("_zbb", Fdt.Text(tree["/cpus/cpu@1/riscv,isa"]));
        Assert.Equal(xlen == 64 ? "riscv,sv48" : "riscv,sv32", Fdt.Text(tree["/cpus/cpu@0/mmu-type"]));
        byte[] plic = tree["/soc/plic@c000000/phandle"];
        string serial = Fdt.Text(tree["/chosen/stdout-path"]);
        Assert.Equal("ns16550a", Fdt.Text(tree[serial + "/compatible"]));
        Assert.Equal(plic, tree[serial + "/interrupt-parent"]);
        Assert.Equal(VirtMap.UartIrq, (int)Fdt.U32(tree[serial + "/interrupts"], 0));

        // Machine and supervisor context of each hart, in this order, refer to the harts' own controllers.
        byte[] contexts = tree["/soc/plic@c000000/interrupts-extended"];
        Assert.Equal(2 * 2 * 8, contexts.Length);
        Assert.Equal(tree["/cpus/cpu@1/interrupt-controller/phandle"], contexts[16..20]);
        Assert.Equal([11u, 9u, 11u, 9u], Enumerable.Range(0, 4).Select(i => Fdt.U32(contexts, (8 * i) + 4)));
    }

    [OptionalFact("dtc")]
    public void The_device_tree_compiler_reads_it_without_complaint()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, VirtDeviceTree.Build(Builder(64), null));
            using Process dtc = Process.Start(new ProcessStartInfo("dtc", ["-I", "dtb", "-O", "dts", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = dtc.StandardError.ReadToEndAsync();
            string source = dtc.StandardOutput.ReadToEnd();
            dtc.WaitForExit();
            Assert.Equal(0, dtc.ExitCode);
            Assert.Equal("", errors.Result);
            Assert.Contains("serial@10000000", source);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static VirtBuilder Builder(int xlen) => new() { Xlen = xlen, Harts = 2, MemorySize = 32 << 20, CommandLine = "console=ttyS0" };
}
