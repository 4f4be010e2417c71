using System.Diagnostics;
using System.Globalization;
using Emulator.Hypervisor;
using Emulator.Machines;
using Emulator.Testing;
using Emulator.Tour;
using Spectre.Console;

namespace Emulator.Benchmarks;

/// <summary>What the monitor costs: guests bare and hosted, in turn, in one run.</summary>
internal static class MonitorBenchmark
{
    private const long Firmware = 10_000_000;
    private const string SeaBios = "/usr/share/seabios/bios-256k.bin", OpenSbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.elf", UBoot = "/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf";

    /// <summary>Runs and prints a table.</summary>
    public static int Run(int repetitions, TextWriter output)
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumn("guest").AddColumn(new TableColumn("instructions").RightAligned()).AddColumn(new TableColumn("exits per 1000").RightAligned())
            .AddColumn(new TableColumn("bare, s").RightAligned()).AddColumn(new TableColumn("monitor, s").RightAligned()).AddColumn(new TableColumn("monitor / bare").RightAligned())
            .AddColumn(new TableColumn("with shadows / bare").RightAligned()).AddColumn(new TableColumn("VMX / bare").RightAligned()).AddColumn(new TableColumn("VMX exits per 1000").RightAligned());
        foreach (string kernel in GuestPrograms.Kernels)
            Row(table, kernel, monitors => Pc(b => b.Kernel = Image(GuestPrograms.PathOf(kernel + ".elf")), long.MaxValue, monitors), 1, repetitions);
        Row(table, "the tour", monitors => Pc(b => b.Kernel = new ImageFile("tour", TourImage.Build().Bytes), long.MaxValue, monitors), 1, repetitions);
        Row(table, "64 address spaces", monitors => Pc(b => (b.Kernel, b.RawAddress, b.MemorySize) = (new ImageFile("spaces", AddressSpaces.Build()), AddressSpaces.Origin, 16 << 20), 2 * Firmware, monitors), 1, repetitions);
        if (File.Exists(SeaBios))
            Row(table, "SeaBIOS", monitors => Pc(b => b.Firmware = Image(SeaBios), Firmware, monitors), 1, repetitions);
        for (int depth = 1; depth <= 4 && File.Exists(OpenSbi) && File.Exists(UBoot); depth++)
            Row(table, $"OpenSBI and U-Boot, {depth} deep", monitors => Virt(b => (b.Bios, b.Kernel) = (Image(OpenSbi), Image(UBoot)), 6 * Firmware, monitors), depth, repetitions, pc: false);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        console.Write(table);
        output.WriteLine($"Medians of {repetitions} rounds, bare and hosted in turn; critical instructions patched, or intercepted by VMX.");
        return 0;
    }

    private static ImageFile Image(string path) => new(Path.GetFileName(path), File.ReadAllBytes(path));

    private static (double Seconds, long Instructions, double Exits) Pc(Action<PcBuilder> describe, long budget, Monitors? monitors)
    {
        var builder = new PcBuilder();
        describe(builder);
        using PcMachine machine = builder.Build().Value!;
        if (monitors is not null)
            machine.Attach(monitors);
        var clock = Stopwatch.StartNew();
        machine.Run(budget);
        return Measured(clock, machine.Instructions, monitors);
    }

    private static (double Seconds, long Instructions, double Exits) Virt(Action<VirtBuilder> describe, long budget, Monitors? monitors)
    {
        var builder = new VirtBuilder();
        describe(builder);
        using VirtMachine machine = builder.Build().Value!;
        if (monitors is not null)
            machine.Attach(monitors);
        var clock = Stopwatch.StartNew();
        machine.Run(budget);
        return Measured(clock, machine.Instructions, monitors);
    }

    private static (double Seconds, long Instructions, double Exits) Measured(Stopwatch clock, long instructions, Monitors? monitors)
    {
        double seconds = clock.Elapsed.TotalSeconds, exits = monitors?.All[0].Statistics.ExitsPerThousand ?? 0;

        // Before the machine.
        monitors?.Dispose();
        return (seconds, instructions, exits);
    }

    private static void Row(Table table, string name, Func<Monitors?, (double Seconds, long Instructions, double Exits)> run, int depth, int repetitions, bool pc = true)
    {
        List<double> bare = [], hosted = [], shadowed = [], nonRoot = [];
        long instructions = 0;
        double exits = 0, nonRootExits = 0;
        for (int round = -1; round < repetitions; round++)
        {
            (double alone, instructions, _) = run(null);
            (double below, _, exits) = run(new Monitors(CriticalPolicy.Patch, depth));
            double shadow = pc ? run(new Monitors(CriticalPolicy.Patch, depth, PagingPolicy.Shadow)).Seconds : double.NaN;
            (double vmx, _, double vmxExits) = pc ? run(new Monitors(CriticalPolicy.Intercept)) : (double.NaN, 0, double.NaN);
            nonRootExits = vmxExits;

            // The first round warms up.
            if (round < 0)
                continue;
            bare.Add(alone);
            hosted.Add(below);
            shadowed.Add(shadow);
            nonRoot.Add(vmx);
        }

        double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
        string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        table.AddRow(name, Number(instructions, "N0"), Number(exits, "F2"), Number(Median(bare), "F3"), Number(Median(hosted), "F3"), Number(Median([.. hosted.Zip(bare, (h, b) => h / b)]), "F2"),
            pc ? Number(Median([.. shadowed.Zip(bare, (h, b) => h / b)]), "F2") : "", pc ? Number(Median([.. nonRoot.Zip(bare, (h, b) => h / b)]), "F2") : "", pc ? Number(nonRootExits, "F2") : "");
    }
}
