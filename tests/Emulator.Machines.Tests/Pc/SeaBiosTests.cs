using System.Diagnostics;
using Emulator.Machines.Tests.Reference;
using Xunit.Abstractions;

namespace Emulator.Machines.Tests.Pc;

/// <summary>Debian's SeaBIOS, unmodified, on the machine.</summary>
public sealed class SeaBiosTests(ITestOutputHelper log)
{
    private const string Folder = "/usr/share/seabios/", Bios = Folder + "bios-256k.bin", SmallBios = Folder + "bios.bin", VgaBios = Folder + "vgabios-isavga.bin";
    private const long Patience = 1_000_000_000;
    private const string LastLine = "No bootable device.";

    [OptionalFact(Bios)]
    public void Finds_its_machine_and_tries_to_boot()
    {
        using Guest guest = Boot(Bios);
        var watch = Stopwatch.StartNew();
        RunToLastLine(guest);
        log.WriteLine($"'{LastLine}' after {guest.Reached(LastLine)} instructions; {guest.Machine.Instructions / watch.Elapsed.TotalSeconds / 1e6:F1} million a second, compiling included");
        string[] expected =
        [
            "SeaBIOS (version", "Running on QEMU (i440fx)", "Found QEMU fw_cfg", "QEMU fw_cfg DMA interface supported",
            "qemu/e820: addr 0x0000000000000000 len 0x0000000004000000 [RAM]", "=== PCI bus & bridge init ===",
            "PCI: init bdf=00:00.0 id=8086:1237", "PCI: init bdf=00:01.0 id=8086:7000", "PIIX3/PIIX4 init: elcr=00 0c", "PCI: init bdf=00:01.3 id=8086:7113",
            "Using pmtimer, ioport 0xb008", "Found 1 serial ports", "PS2 keyboard initialized", "All threads complete.", "e820 map has",
            "0000000000100000 - 0000000003ffe000 = 1 RAM", "enter handle_19:", "Booting from Floppy...", "Boot failed: could not read the boot disk",
            "Booting from Hard Disk...", "Boot failed: could not read the boot disk", LastLine,
        ];
        int at = 0;
        foreach (string line in expected)
        {
            int next = guest.Output.IndexOf(line, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"'{line}' is missing in:\n{guest.Output}");
            at = next + line.Length;
        }
    }

    [OptionalFact(Bios)]
    public void The_same_run_twice_ends_in_the_identical_state()
    {
        using Guest first = Boot(Bios), second = Boot(Bios);
        RunToLastLine(first);
        while (second.Machine.Instructions < first.Machine.Instructions)
            second.Run(Math.Min(777_777, first.Machine.Instructions - second.Machine.Instructions));
        Assert.Equal(first.Machine.HashState(), second.Machine.HashState());
        Assert.Equal(first.Machine.Cpu.HashState(), second.Machine.Cpu.HashState());
        Assert.Equal(first.Output, second.Output);
    }

    [OptionalFact(SmallBios)]
    public void The_128_KB_image_boots_too()
    {
        using Guest guest = Boot(SmallBios);
        RunToLastLine(guest);
    }

    [OptionalFact(Bios)]
    public void Finds_the_memory_there_is()
    {
        foreach (ulong megabytes in (ulong[])[8, 512, 3072])
        {
            using Guest guest = Boot(Bios, b => b.MemorySize = megabytes << 20);
            RunToLastLine(guest);
            Assert.Contains($"len 0x{megabytes << 20:x16} [RAM]", guest.Output);
            Assert.Contains($"0000000000100000 - {(megabytes << 20) - 0x2000:x16} = 1 RAM", guest.Output); // the tables lie above
        }
    }

    [OptionalFact(Bios, VgaBios)]
    public void With_a_vga_rom_the_screen_tells_the_same()
    {
        using Guest guest = Boot(Bios, b => b.VgaRom = new ImageFile(VgaBios, File.ReadAllBytes(VgaBios)));
        RunToLastLine(guest);
        guest.Run(1_000_000);
        string screen = guest.Machine.Vga.Text!.ToText();
        Assert.StartsWith("SeaBIOS (version", screen);
        Assert.Contains("No bootable device.", screen);
    }

    [OptionalFact(Bios)]
    public void Reboots_by_itself_after_its_waiting_time()
    {
        using Guest guest = Boot(Bios, b => b.AddFirmwareFile("etc/boot-fail-wait", new ImageFile("wait", BitConverter.GetBytes(100u))));
        RunToLastLine(guest);
        for (int i = 0; i < 1000 && Count(guest.Output, LastLine) < 2; i++)
            Assert.Equal(PcEnd.Budget, guest.Run(1_000_000).End);
        Assert.Equal(2, Count(guest.Output, LastLine));
        Assert.Contains("Attempting a hard reboot", guest.Output);
    }

    [OptionalFact(Bios)]
    public void Continues_from_a_snapshot()
    {
        using Guest first = Boot(Bios), second = Boot(Bios);
        first.Run(5_000_000);
        var stream = new MemoryStream();
        first.Machine.Save(stream);
        stream.Position = 0;
        Assert.Null(second.Machine.Restore(stream));
        string before = first.Output;
        RunToLastLine(first);
        second.Run(first.Machine.Instructions - second.Machine.Instructions);
        Assert.Equal(first.Machine.HashState(), second.Machine.HashState());
        Assert.Equal(first.Output[before.Length..], second.Output);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static Guest Boot(string bios, Action<PcBuilder>? configure = null)
    {
        var builder = new PcBuilder { Firmware = new ImageFile(bios, File.ReadAllBytes(bios)), Serial = _ => { } };
        configure?.Invoke(builder);
        return Guest.Of(builder);
    }

    private static void RunToLastLine(Guest guest)
    {
        while (!guest.Output.Contains(LastLine, StringComparison.Ordinal))
        {
            Assert.True(guest.Machine.Instructions < Patience, $"no end in sight after {guest.Machine.Instructions} instructions:\n{guest.Output}");
            PcRun run = guest.Run(1_000_000);
            Assert.True(run.End == PcEnd.Budget, $"{run.End} at {guest.Machine.Cpu.Pc:x8} after {guest.Machine.Instructions} instructions:\n{guest.Output}");
        }
    }
}
