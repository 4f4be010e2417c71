using System.Text;
using Emulator.Machines;
using Emulator.Runtime;
using Emulator.Testing;

namespace Emulator.Kvm.Tests.RiscV;

/// <summary>The kernel of tests/guests/riscv, which runs on OpenSBI, with the API in its place: Sv39, two processes, preemption by the timer, a virtio disk with interrupts.</summary>
public sealed unsafe class KernelTests
{
    private const string OpenSbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.elf";
    private const ulong RamSize = 16 << 20, Tree = VirtMap.Ram + RamSize - 0x10_0000;
    private const int PutChar = 1;

    public static TheoryData<string> Wide => RiscVImplementations.Wide;

    [Theory, MemberData(nameof(Wide))]
    public void It_prints_what_it_prints_on_OpenSbi(string on)
    {
        if (RiscvGuests.Folder is null || !File.Exists(OpenSbi))
        {
            Assert.False(Repository.IsCi, $"{OpenSbi} and the guests are needed: {RiscvGuests.Reason}");
            TestReport.Write("kvm-riscv-kernel", "the kernel is not compared: OpenSBI or the compiler is not installed");
            return;
        }

        var kernel = RiscvGuests.PathOf("kernel.elf");
        var image = new ImageFile(kernel, File.ReadAllBytes(kernel));
        var expected = OnOpenSbi(image);
        var output = new StringBuilder();
        var (calls, accesses) = Run(on, image, output);

        // Time decides between the two processes; what each prints, and what the kernel prints before and after, is the same.
        Assert.Equal(Streams(expected), Streams(output.ToString()));
        Assert.Contains("each was preempted more than ten times", output.ToString(), StringComparison.Ordinal);
        TestReport.Write($"kvm-riscv-kernel-{on}", $"the kernel prints the same {output.Length} characters as on OpenSBI; {calls} calls and {accesses} accesses to devices reached the client");
    }

    private static string OnOpenSbi(ImageFile kernel)
    {
        var serial = new StringBuilder();
        var builder = new VirtBuilder { Bios = new ImageFile(OpenSbi, File.ReadAllBytes(OpenSbi)), Kernel = kernel, Disk = new ImageFile("disk", Disk()), Serial = value => serial.Append((char)value) };
        Assert.True(builder.Build().TryGet(out var machine, out var error), $"{error}");
        using (machine)
        {
            Assert.Equal(VirtEnd.PowerOff, machine.Run(300_000_000).End);
        }

        var output = serial.ToString().Replace("\r", "", StringComparison.Ordinal);
        return output[output.IndexOf("kernel: hart", StringComparison.Ordinal)..];
    }

    /// <summary>Runs the kernel to its shutdown: the client is the console, the interrupt controller and the disk.</summary>
    private static (int Calls, int Accesses) Run(string on, ImageFile kernel, StringBuilder output)
    {
        using var system = RiscVImplementations.Open(on);
        using var ram = new NativeBlock((nuint)RamSize);
        using var vm = system.CreateVm();
        vm.SetUserMemoryRegion(0, VirtMap.Ram, ram);
        Assert.True(ElfLoader.Load(kernel, new RamMap([new RamRange(VirtMap.Ram, Tree)]), ElfTarget.Riscv64).TryGet(out var image, out var error), $"{error}");
        foreach (var segment in image.Segments)
            vm.WriteMemory(segment.Address, segment.Content.Span);
        vm.WriteMemory(Tree, new FdtWriter().Begin("").Text("compatible", "riscv-virtio").End().Build());
        using var vcpu = vm.CreateVcpu(0);
        vcpu.SetOneReg(KvmRiscV.Core64 | KvmRiscV.Pc, image.Entry);
        vcpu.SetOneReg(KvmRiscV.Core64 | KvmRiscV.A1, Tree);

        // The disk reads and writes the guest's memory by itself.
        using var memory = new PhysicalMemory(52);
        memory.MapMemory(VirtMap.Ram, RamSize, ram.Pointer, ram.Pointer);
        var plic = new Plic(1);
        var slots = Enumerable.Range(0, VirtMap.VirtioSlots).Select(slot => new VirtioMmio(slot, slot == 0 ? new VirtioBlock(Disk()) : null, memory)).ToArray();
        plic.Connect(slots[0].Irq, VirtMap.VirtioIrq);
        plic.Outputs[1].Connect(level => vcpu.Interrupt(level ? KvmRiscV.InterruptSet : KvmRiscV.InterruptUnset));
        var (calls, accesses) = (0, 0);
        while (true)
        {
            Assert.True(vcpu.Run());
            ref var run = ref *vcpu.Shared;
            switch (run.ExitReason)
            {
                case KvmExitReason.RiscVSbi:
                    Assert.Equal(PutChar, (int)run.RiscVSbi.ExtensionId);
                    output.Append((char)run.RiscVSbi.Args[0]);
                    run.RiscVSbi.Ret[0] = 0;
                    calls++;
                    break;
                case KvmExitReason.Mmio:
                    accesses++;
                    var address = run.Mmio.PhysAddr;
                    var (device, offset) = address - VirtMap.Plic < Plic.Size
                        ? ((IBusDevice)plic, address - VirtMap.Plic)
                        : (slots[(address - VirtMap.Virtio) / VirtioMmio.Size], (address - VirtMap.Virtio) % VirtioMmio.Size);
                    if (run.Mmio.IsWrite != 0)
                        device.Write(offset, (int)run.Mmio.Len, run.Mmio.Data);
                    else
                        run.Mmio.Data = device.Read(offset, (int)run.Mmio.Len);
                    break;
                case KvmExitReason.SystemEvent:
                    Assert.Equal(KvmSystemEventType.Shutdown, run.SystemEvent.Type);
                    return (calls, accesses);
                default:
                    Assert.Fail($"{run.ExitReason} at {vcpu.GetOneReg(KvmRiscV.Core64 | KvmRiscV.Pc):x}:\n{output}");
                    break;
            }
        }
    }

    private static byte[] Disk()
    {
        var disk = new byte[64 << 10];
        Encoding.ASCII.GetBytes("sector 0, written by the host").CopyTo(disk, 0);
        Encoding.ASCII.GetBytes("sector 1, written by the host").CopyTo(disk, 512);
        return disk;
    }

    /// <summary>The lines of each process in their order (the kernel's about a process are among them), and the other lines of the kernel.</summary>
    private static string[] Streams(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. ((string[])["process 0", "process 1", ""]).Select(of => string.Join('\n', lines.Where(line => of.Length == 0 ? !line.Contains("process ", StringComparison.Ordinal) || line.Contains("every", StringComparison.Ordinal) : line.Contains(of, StringComparison.Ordinal))))];
    }
}
