using System.Text;
using Emulator.Machines.Tests.Reference;
using Emulator.Testing;
using VerifyXunit;

namespace Emulator.Machines.Tests.Virt;

/// <summary>C programs in all modes and both widths against the same sources compiled natively, and our kernel on OpenSBI.</summary>
public sealed class GuestProgramTests
{
    private const string Compiler = "riscv64-unknown-elf-gcc", OpenSbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.elf";

    [OptionalFact(Compiler, "gcc")]
    public void Programs_print_what_they_print_natively()
    {
        Assert.True(RiscvGuests.Folder is not null, RiscvGuests.Reason);
        int compared = 0;
        foreach (string program in GuestPrograms.Programs)
        {
            (string expected, int code) = RiscvGuests.RunNative(program);
            Assert.Equal(0, code);
            foreach (string form in RiscvGuests.Forms)
            {
                string file = RiscvGuests.PathOf($"{program}.{form}.elf");
                using VirtGuest guest = VirtGuest.Of(new VirtBuilder { Xlen = int.Parse(form[2..4]), Kernel = new ImageFile(file, File.ReadAllBytes(file)) });
                VirtRun run = guest.Machine.Run(1_000_000_000);
                Assert.True(run.End == VirtEnd.PowerOff, $"{program}.{form}: {run.End} {run.ExitCode}\n{guest.Output}");
                Assert.True(expected == guest.Output, $"{program}.{form}: natively\n{expected}\nhere\n{guest.Output}");
                compared++;
            }
        }

        Assert.Equal(GuestPrograms.Programs.Count * 6, compared);
    }

    [OptionalFact(Compiler, "gcc", OpenSbi)]
    public Task Our_kernel_runs_two_processes_on_OpenSbi()
    {
        Assert.True(RiscvGuests.Folder is not null, RiscvGuests.Reason);
        var disk = new byte[64 << 10];
        Encoding.ASCII.GetBytes("sector 0, written by the host").CopyTo(disk, 0);
        Encoding.ASCII.GetBytes("sector 1, written by the host").CopyTo(disk, 512);
        string kernel = RiscvGuests.PathOf("kernel.elf");
        using VirtGuest guest = VirtGuest.Of(new VirtBuilder
        {
            Bios = new ImageFile(OpenSbi, File.ReadAllBytes(OpenSbi)), Kernel = new ImageFile(kernel, File.ReadAllBytes(kernel)), Disk = new ImageFile("disk", disk),
        });
        VirtRun run = guest.Machine.Run(300_000_000);
        Assert.True(run.End == VirtEnd.PowerOff, $"{run.End}\n{guest.Output}");
        for (int number = 0; number < 2; number++)
            Assert.Equal(Enumerable.Range(number, 512).Select(i => (byte)i), guest.Machine.Disk!.Content.Slice((4 + number) * 512, 512).ToArray());

        // What the kernel prints, without the firmware's words before it.
        string output = guest.Output.Replace("\r", "", StringComparison.Ordinal);
        return Verifier.Verify(output[output.IndexOf("kernel: hart", StringComparison.Ordinal)..]);
    }
}
