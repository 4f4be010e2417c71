using Emulator.Machines.Tests.Reference;
using Emulator.Testing.RiscV;

namespace Emulator.Machines.Tests.Virt;

/// <summary>Debian's OpenSBI and U-Boot, unmodified, on the machine.</summary>
public sealed class FirmwareTests
{
    private const string OpenSbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic/", Jump = OpenSbi + "fw_jump.elf", JumpRaw = OpenSbi + "fw_jump.bin", Dynamic = OpenSbi + "fw_dynamic.elf";
    private const string UBootFolder = "/usr/lib/u-boot/qemu-riscv64_smode/", UBoot = UBootFolder + "uboot.elf", UBootRaw = UBootFolder + "u-boot.bin";
    private const string Prompt = "\n=> ";

    /// <summary>Prints a letter through the firmware, then the mode it can read and the argument, then switches off through SBI's system reset.</summary>
    private static readonly string[] Payload =
    [
        "addi s0, a0, 0", "addi a7, zero, 1", "addi a0, s0, 80", "ecall", "addi a0, zero, 10", "ecall", "lw s1, 0(a1)",
        "lui a7, 0x53525", "addi a7, a7, 0x354", "addi a6, zero, 0", "addi a0, zero, 0", "addi a1, zero, 0", "ecall",
    ];

    [OptionalFact(Jump, JumpRaw, Dynamic)]
    public void OpenSbi_prints_its_platform_and_enters_a_payload()
    {
        foreach (string bios in (string[])[Jump, JumpRaw, Dynamic])
        {
            using VirtGuest guest = Boot(bios, new ImageFile("payload", RiscvCode.Assemble(64, 0x8020_0000, Payload)));
            VirtRun run = guest.Machine.Run(50_000_000);
            Assert.True(run.End == VirtEnd.PowerOff, $"{bios}: {run.End}\n{guest.Output}");
            string[] expected =
            [
                "OpenSBI v", "Platform Name             : riscv-virtio,emulator", "Platform HART Count       : 1", "Platform IPI Device       : aclint-mswi",
                "Platform Timer Device     : aclint-mtimer @ 10000000Hz", "Platform Console Device   : uart8250", "Platform Reboot Device    : sifive_test",
                "Firmware Base             : 0x80000000", "Domain0 Next Address      : 0x0000000080200000", "Domain0 Next Mode         : S-mode",
                "Boot HART Priv Version    : v1.12", "Boot HART Base ISA        : rv64imafdc", "Boot HART PMP Count       : 16", "Boot HART PMP Granularity : 4096",
                "Boot HART MIDELEG         : 0x0000000000000222", "P\n",
            ];
            AssertInOrder(guest.Output.Replace("\r", "", StringComparison.Ordinal), expected);
        }
    }

    [OptionalFact(Jump, UBoot, UBootRaw)]
    public void UBoot_reaches_its_prompt_and_runs_commands()
    {
        var disk = new byte[1 << 20];
        "written by the host"u8.CopyTo(disk.AsSpan(3 * 512));
        foreach (string kernel in (string[])[UBoot, UBootRaw])
        {
            using VirtGuest guest = Boot(Jump, Image(kernel), b => b.Disk = new ImageFile("disk", disk));
            guest.RunTo("stop autoboot");
            guest.Machine.Serial.Receive("\r"u8);
            guest.RunTo(Prompt);
            Assert.Contains("U-Boot 20", Command(guest, "version"));
            string board = Command(guest, "bdinfo");
            Assert.Contains("-> start    = 0x0000000080000000", board);
            Assert.Contains("-> size     = 0x0000000008000000", board);
            string info = Command(guest, "virtio info");
            Assert.Contains("Capacity: 1.0 MB = 0.0 GB (2048 x 512)", info);
            Assert.Contains("1 blocks read: OK", Command(guest, "virtio read 0x84000000 3 1"));
            Assert.Contains("written by the h", Command(guest, "md.b 0x84000000 10"));
            Command(guest, "mw.b 0x84000000 5a 200");
            Assert.Contains("1 blocks written: OK", Command(guest, "virtio write 0x84000000 7 1"));
            Assert.Equal(Enumerable.Repeat((byte)0x5A, 512), guest.Machine.Disk!.Content.Slice(7 * 512, 512).ToArray());
            Assert.Contains("crc32 for 80000000", Command(guest, "crc32 0x84000000 200").Replace("84000000", "80000000", StringComparison.Ordinal));
            guest.Machine.Serial.Receive("poweroff\r"u8);
            Assert.Equal(VirtEnd.PowerOff, guest.Machine.Run(100_000_000).End);
        }
    }

    [OptionalFact(Jump, UBoot)]
    public void UBoot_restarts_the_machine()
    {
        using VirtGuest guest = Boot(Jump, Image(UBoot));
        guest.RunTo("stop autoboot");
        guest.Machine.Serial.Receive("\r"u8);
        guest.RunTo(Prompt);
        int seen = guest.Output.Length;
        guest.Machine.Serial.Receive("reset\r"u8);
        guest.RunTo("OpenSBI v", seen);
        guest.RunTo("stop autoboot", seen);
    }

    [OptionalFact(Dynamic, UBoot)]
    public void Several_harts_boot_and_however_the_run_is_cut_it_is_the_same()
    {
        const long Budget = 80_000_000;
        string? hash = null;
        foreach (long piece in (long[])[Budget, 777_777, 99_991])
        {
            using VirtGuest guest = Boot(Dynamic, Image(UBoot), b => b.Harts = 4);
            while (guest.Machine.Instructions < Budget)
                Assert.Equal(VirtEnd.Budget, guest.Machine.Run(Math.Min(piece, Budget - guest.Machine.Instructions)).End);
            Assert.Contains("Platform HART Count       : 4", guest.Output);
            Assert.All(guest.Machine.Harts, hart => Assert.True(hart.Instructions > 1_000));
            string now = guest.Machine.HashState();
            Assert.Equal(hash ??= now, now);
        }
    }

    [OptionalFact(Dynamic, UBoot)]
    public void A_restored_machine_goes_on_exactly_like_the_one_saved()
    {
        var disk = new byte[1 << 20];
        void Configure(VirtBuilder b) => (b.Harts, b.Disk) = (2, new ImageFile("disk", disk));
        using VirtGuest first = Boot(Dynamic, Image(UBoot), Configure), second = Boot(Dynamic, Image(UBoot), Configure);
        first.Machine.Run(10_000_001);
        second.Machine.Run(54_321);
        string before = second.Output;
        var stream = new MemoryStream();
        first.Machine.Save(stream);
        stream.Position = 0;
        Assert.Null(second.Machine.Restore(stream));
        Assert.Equal(first.Machine.HashState(), second.Machine.HashState());
        string then = first.Output;
        Assert.Equal(first.Machine.Run(20_000_000), second.Machine.Run(20_000_000));
        Assert.Equal(first.Machine.HashState(), second.Machine.HashState());
        Assert.Equal(first.Output[then.Length..], second.Output[before.Length..]);

        byte[] damaged = stream.ToArray();
        damaged[1000] ^= 1;
        Assert.Contains("damaged", second.Machine.Restore(new MemoryStream(damaged)));
        using VirtGuest other = Boot(Dynamic, Image(UBoot));
        Assert.NotNull(other.Machine.Restore(new MemoryStream(stream.ToArray())));
    }

    [OptionalFact(Dynamic)]
    public void Blocks_and_single_steps_agree()
    {
        const long Budget = 2_000_000;
        string[] hashes = [.. ((bool[])[false, true]).Select(step =>
        {
            using VirtGuest guest = Boot(Dynamic, new ImageFile("payload", RiscvCode.Assemble(64, 0x8020_0000, Payload)), b => b.SingleStep = step);
            guest.Machine.Run(Budget);
            return guest.Machine.HashState();
        })];
        Assert.Equal(hashes[0], hashes[1]);
    }

    private static VirtGuest Boot(string bios, ImageFile kernel, Action<VirtBuilder>? configure = null)
    {
        var builder = new VirtBuilder { Bios = Image(bios), Kernel = kernel };
        configure?.Invoke(builder);
        return VirtGuest.Of(builder);
    }

    private static ImageFile Image(string path) => new(path, File.ReadAllBytes(path));

    /// <summary>Types a line at the prompt and returns what is printed until the next one.</summary>
    private static string Command(VirtGuest guest, string line)
    {
        int start = guest.Output.Length;
        guest.Machine.Serial.Receive(System.Text.Encoding.ASCII.GetBytes(line + "\r"));
        guest.RunTo(Prompt, start);
        return guest.Output[start..];
    }

    private static void AssertInOrder(string output, string[] expected)
    {
        int at = 0;
        foreach (string line in expected)
        {
            int next = output.IndexOf(line, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"'{line}' is missing in:\n{output}");
            at = next + line.Length;
        }
    }
}
