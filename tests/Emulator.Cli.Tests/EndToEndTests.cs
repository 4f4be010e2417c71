using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>The real command line with everything behind it.</summary>
public sealed class EndToEndTests
{
    [Fact]
    public void Boot_without_arguments_is_the_tour()
    {
        using var folder = new TemporaryFolder();
        var run = Run("boot", "--debugcon", folder["out"], "--serial", folder["serial"], "--stats");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The tour is over: 47 checks as the manual says, 0 not.", File.ReadAllText(folder["out"]));
        Assert.Equal(File.ReadAllText(folder["out"]).ReplaceLineEndings("\r\n"), File.ReadAllText(folder["serial"]));
        Assert.Contains("trap INTERRUPT", run.Error);
    }

    /// <summary>What POPF does to a guest whose monitor trusts it, and that patching and VMX mend it.</summary>
    [Theory]
    [InlineData(46, 1, "leaves IF=1", "--monitor", "trap", "--critical", "trust")]
    [InlineData(47, 0, "leaves IF=0", "--monitor", "trap")]
    [InlineData(47, 0, "leaves IF=0", "--monitor", "vmx")]
    public void The_tour_tells_of_popf_under_a_monitor(int right, int wrong, string flag, params string[] monitor)
    {
        using var folder = new TemporaryFolder();
        var run = Run(["boot", "--stats", "--debugcon", folder["out"], .. monitor]);
        var told = File.ReadAllText(folder["out"]);
        Assert.Contains($"The tour is over: {right} checks as the manual says, {wrong} not.", told);
        Assert.Contains($"ring 0: POPF with IF clear {flag}", told);
        Assert.Contains("exits per 1000", run.Error);
        Assert.Equal(monitor[1] == "vmx", run.Error.Contains("exit reason Port", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tlb", false)]
    [InlineData("shadow", true)]
    public void The_tour_under_the_monitor(string paging, bool hasShadows)
    {
        using var folder = new TemporaryFolder();
        var run = Run("boot", "--monitor", "trap", "--paging", paging, "--stats", "--debugcon", folder["out"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The tour is over: 47 checks as the manual says, 0 not.", File.ReadAllText(folder["out"]));
        Assert.Equal(hasShadows, run.Error.Contains("shadow fills", StringComparison.Ordinal));
        Assert.Contains("exits per 1000", run.Error);
    }

    [Theory]
    [InlineData("blocks")]
    [InlineData("step")]
    public void The_screen_at_the_end_and_the_count_are_the_same_with_either_engine(string engine)
    {
        var run = Run("boot", "--print-screen", "--engine", engine, "--max-instructions", "2M");
        Assert.Equal(ExitCodes.BudgetExhausted, run.ExitCode);
        Assert.Contains("stopped after 2000000 instructions", run.Error);
        Assert.Equal(Run("boot", "--print-screen", "--max-instructions", "2M").Output, run.Output);
        Assert.NotEmpty(run.Output.Trim());
    }

    [Fact]
    public void A_raw_kernel_chooses_the_exit_code()
    {
        using var folder = new TemporaryFolder();
        var kernel = folder.Write("kernel", 0xB0, 0x15, 0x66, 0xBA, 0x01, 0x05, 0xEE); // mov al, 15h; mov dx, 501h; out dx, al
        Assert.Equal(0x2B, Run("boot", "--kernel", kernel, "--at", "0x7C00").ExitCode);
        Assert.Equal(ExitCodes.BadImage, Run("boot", "--kernel", kernel).ExitCode);
        Assert.Equal(ExitCodes.Usage, Run("boot", "--at", "0x7C00").ExitCode);
        Assert.Equal(ExitCodes.Usage, Run("boot", "--kernel", kernel, "--at", "0x123456789").ExitCode);
    }

    [Fact]
    public void Halts_and_triple_faults_have_their_codes()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ExitCodes.Success, Run("boot", "--kernel", folder.Write("halt", 0xFA, 0xF4), "--at", "0x7C00").ExitCode);

        // lidt from zeros, then an undefined instruction
        var fault = folder.Write("fault", 0x0F, 0x01, 0x1D, 0x00, 0x00, 0x20, 0x00, 0x0F, 0x0B);
        Assert.Equal(ExitCodes.TripleFault, Run("boot", "--kernel", fault, "--at", "0x7C00").ExitCode);
    }

    [Fact]
    public void A_virt_machine_prints_and_chooses_the_exit_code()
    {
        using var folder = new TemporaryFolder();

        // lui t0, 0x10000; addi a0, zero, 'h'; sb a0, 0(t0); lui t0, 0x100; lui t1, 0x153; addi t1, t1, 0x333; sw t1, 0(t0): fails with code 21
        var kernel = folder.Write("kernel", Words(0x100002B7, 0x06800513, 0x00A28023, 0x001002B7, 0x00153337, 0x33330313, 0x0062A023));
        foreach (var isa in (string[])["rv64", "rv32"])
        {
            Assert.Equal(43, Run("boot", "--machine", "virt", "--isa", isa, "--kernel", kernel, "--serial", folder["out"]).ExitCode);
            Assert.Equal("h", File.ReadAllText(folder["out"]));
        }

        // The serial port gives back what it receives: lui t0, 0x10000; lb a0, 5(t0); andi a0, a0, 1; beq a0, zero, -8; lb a0, 0(t0); sb a0, 0(t0); jal zero, -20
        var echo = folder.Write("echo", Words(0x100002B7, 0x00528503, 0x00157513, 0xFE050CE3, 0x00028503, 0x00A28023, 0xFEDFF06F));
        var stopped = Run("boot", "--machine", "virt", "--kernel", echo, "--serial-input", folder.Write("in", 0x61, 0x62, 0x63), "--serial", folder["out"], "--max-instructions", "1M", "--stats");
        Assert.Equal(ExitCodes.BudgetExhausted, stopped.ExitCode);
        Assert.Equal("abc", File.ReadAllText(folder["out"]));
        Assert.Contains("instructions", stopped.Error);

        // wfi: nothing will wake it
        Assert.Equal(ExitCodes.Success, Run("boot", "--machine", "virt", "--harts", "3", "--kernel", folder.Write("wait", Words(0x10500073)), "--serial", folder["out"]).ExitCode);
        Assert.Equal(ExitCodes.BadImage, Run("boot", "--machine", "virt", "--kernel", folder.Write("bad", 0x7F, 0x45, 0x4C, 0x46, 1, 1), "--serial", folder["out"]).ExitCode);
        Assert.Equal(ExitCodes.BadImage, Run("boot", "--machine", "virt", "--kernel", folder["none"]).ExitCode);
        foreach (string[] wrong in (string[][])[[], ["--kernel", kernel, "--harts", "9"], ["--kernel", kernel, "--memory", "1M"], ["--kernel", kernel, "--at", "0"], ["--kernel", kernel, "--print-screen"], ["--bios", kernel, "--append", "x"]])
        {
            Assert.Equal(ExitCodes.Usage, Run(["boot", "--machine", "virt", .. wrong]).ExitCode);
        }

        Assert.Equal(ExitCodes.Usage, Run("boot", "--isa", "rv32").ExitCode);
    }

    private static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    /// <summary>Random and damaged files as firmware, VGA ROM and kernel: an exit code and a message, never a crash. Seeds are fixed.</summary>
    [Fact]
    public void Hostile_images_never_crash_it()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(5);
        var tour = Emulator.Tour.TourImage.Build().Bytes;
        var codes = new HashSet<int>();
        for (var i = 0; i < 60; i++)
        {
            var bytes = new byte[i % 3 == 0 ? 65536 : random.Next(1, 40_000)];
            random.NextBytes(bytes);
            if (i % 3 == 1)
            {
                tour.AsSpan(0, Math.Min(tour.Length, bytes.Length)).CopyTo(bytes);
                for (var n = 0; n < 20; n++)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }
            }

            var file = folder.Write("image", bytes);
            string[] image = (i % 3) switch { 0 => ["--bios", file], 1 => ["--kernel", file], _ => ["--bios", file, "--vga-rom", file] };
            var run = Run(["boot", "--memory", "8M", "--max-instructions", "20K", .. image]);
            codes.Add(run.ExitCode);
            Assert.NotEqual(ExitCodes.InternalError, run.ExitCode);
            Assert.True((run.ExitCode & 1) == 1 || run.Error.Length > 0);
            if (run.ExitCode == ExitCodes.BadImage)
            {
                Assert.Contains(file, run.Error);
            }
        }

        Assert.Contains(ExitCodes.BadImage, codes);
        Assert.Contains(ExitCodes.BudgetExhausted, codes);
    }

    [Fact]
    public void Disasm_and_asm_agree()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("code", 0xB8, 0x01, 0x00, 0x00, 0x00, 0xF4);
        var run = Run("disasm", "--isa", "x86", "--bits", "32", "--base", "0x1000", file);
        var lines = run.Output.Split('\n');
        Assert.StartsWith("00001000: b8 01 00 00 00 ", lines[0]);
        Assert.EndsWith("  mov eax, 1", lines[0].Replace("0x1", "1", StringComparison.Ordinal));
        Assert.EndsWith("  hlt", lines[1]);
        Assert.Equal("b8 01 00 00 00\n", Run("asm", "--isa", "x86", "--bits", "32", "mov eax, 1").Output);
        Assert.Equal("66 b8 01 00 00 00\n", Run("asm", "--isa", "x86", "--bits", "16", "mov eax, 1").Output);
        var bad = Run("asm", "--isa", "x86", "--bits", "32", "mov eax, flour");
        Assert.Equal(ExitCodes.Rejected, bad.ExitCode);
        Assert.Contains("mov eax, flour", bad.Error);
    }

    [Fact]
    public void Riscv_is_assembled_and_disassembled_with_pseudo_instructions_or_without()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("13 05 15 00\n", Run("asm", "--isa", "rv64", "addi a0, a0, 1").Output);
        Assert.Equal("05 05\n", Run("asm", "--isa", "rv64", "--pseudo", "addi a0, a0, 1").Output);
        Assert.Equal("63 c8 a5 00\n", Run("asm", "--isa", "rv32", "--pseudo", "bgt a0, a1, 0x10").Output);
        Assert.Equal(ExitCodes.Rejected, Run("asm", "--isa", "rv64", "ret").ExitCode);
        Assert.Equal(ExitCodes.Usage, Run("asm", "--isa", "x86", "--pseudo", "ret").ExitCode);

        // sd a0, 8(sp), which RV32 does not have; c.jr ra; half a word
        var file = folder.Write("code", 0x23, 0x34, 0xA1, 0x00, 0x82, 0x80, 0x13, 0x05);
        Assert.Equal("00001000: 23 34 a1 00  sd a0, 8(sp)\n00001004: 82 80        c.jr ra\n00001006: 13 05        (bad)\n", Run("disasm", "--isa", "rv64", "--base", "0x1000", file).Output);
        Assert.Equal("00000000: 23 34 a1 00  (bad)\n00000004: 82 80        ret\n00000006: 13 05        (bad)\n", Run("disasm", "--isa", "rv32", "--pseudo", file).Output);
        Assert.Equal("00000005: 80           (bad)\n", Run("disasm", "--isa", "rv64", "--offset", "5", "--length", "1", file).Output);
    }

    [Fact]
    public void Of_an_ELF_file_the_executable_sections_are_disassembled()
    {
        using var folder = new TemporaryFolder();
        var elf = Elf(code: [0x82, 0x80, 0x13, 0x05, 0x15, 0x00]);
        Assert.Equal(".text:\n80000000: 82 80        c.jr ra\n80000002: 13 05 15 00  addi a0, a0, 1\n", Run("disasm", "--isa", "rv64", folder.Write("elf", elf)).Output);
        Assert.Equal("00000100: 82 80        c.jr ra\n", Run("disasm", "--isa", "rv64", "--offset", "256", "--length", "2", folder.Write("elf", elf)).Output);

        var other = Run("disasm", "--isa", "rv32", folder.Write("elf", elf));
        Assert.Equal(ExitCodes.BadImage, other.ExitCode);
        Assert.Contains("an ELF file of 64 bits for machine 243; rv32 has 32 bits", other.Error);

        // Whatever is cut off or changed in the file is said, not thrown.
        for (var length = 5; length < elf.Length; length += 3)
        {
            Assert.True(Run("disasm", "--isa", "rv64", folder.Write("elf", elf[..length])).ExitCode is ExitCodes.BadImage or ExitCodes.Success);
        }

        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var changed = (byte[])elf.Clone();
            changed[random.Next(32, elf.Length)] = (byte)random.Next(256);
            Assert.True(Run("disasm", "--isa", "rv64", folder.Write("elf", changed)).ExitCode is ExitCodes.BadImage or ExitCodes.Success);
        }
    }

    /// <summary>An ELF file of 64 bits for RISC-V: a section of code at 0x80000000, one of data, the names.</summary>
    private static byte[] Elf(byte[] code)
    {
        var file = new byte[512];
        void Put(int at, params byte[] bytes) => bytes.CopyTo(file, at);
        void Word(int at, ulong value) => Put(at, BitConverter.GetBytes(value));
        Put(0, 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1);
        Put(16, 2, 0, 243, 0);
        Word(40, 256 + 64);
        Put(58, 64, 0, 3, 0, 2, 0);
        Put(256, code);
        Put(280, [0, .. ".text\0.data\0"u8]);
        (ulong Name, ulong Flags, ulong Address, ulong Offset, ulong Size)[] sections = [(1, 6, 0x8000_0000, 256, (ulong)code.Length), (7, 3, 0x9000_0000, 256, 4), (0, 0, 0, 280, 13)];
        for (var i = 0; i < sections.Length; i++)
        {
            var at = 256 + 64 + (64 * i);
            Word(at, sections[i].Name | 1ul << 32);
            Word(at + 8, sections[i].Flags);
            Word(at + 16, sections[i].Address);
            Word(at + 24, sections[i].Offset);
            Word(at + 32, sections[i].Size);
        }

        return file;
    }

    [Fact]
    public void Disasm_takes_any_bytes()
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[20_000];
        new Random(7).NextBytes(bytes);
        foreach (var bits in (string[])["16", "32"])
        {
            var run = Run("disasm", "--bits", bits, folder.Write("random", bytes));
            Assert.Equal(ExitCodes.Success, run.ExitCode);
            Assert.Contains("(bad)", run.Output);
        }
    }

    [Fact]
    public void List_knows_every_form()
    {
        using var json = JsonDocument.Parse(Run("isa", "list", "--isa", "x86", "--json").Output);
        var forms = json.RootElement.EnumerateArray().ToList();
        Assert.True(forms.Count > 400, $"{forms.Count} forms");
        var popf = forms.First(form => form.GetProperty("instruction").GetString() == "POPF");
        Assert.Contains(popf.GetProperty("writes").EnumerateArray(), state => state.GetString()!.Contains("IF", StringComparison.Ordinal));
        Assert.Contains("POPF", Run("isa", "list", "popf").Output);
    }

    [Fact]
    public void Check_compiles_the_x86_description_and_finds_what_is_wrong_in_another()
    {
        var run = Run("isa", "check", Path.Combine(Root(), "isa", "x86"));
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("x86: ", run.Output);
        Assert.Contains("0 errors", run.Output);

        using var folder = new TemporaryFolder();
        folder.Write("broken.isa", "isa broken { state X : u99999 }"u8.ToArray());
        var broken = Run("isa", "check", folder.FullName);
        Assert.Equal(ExitCodes.Rejected, broken.ExitCode);
        Assert.Contains("broken.isa(1,", broken.Output);
        Assert.Contains("error ISA", broken.Output);
    }

    /// <summary>The process itself: exit code, standard output, and a clean stop by a signal.</summary>
    [Fact]
    public void The_process_stops_on_a_signal()
    {
        using var folder = new TemporaryFolder();
        var kernel = folder.Write("loop", 0xEB, 0xFE);
        var host = Path.Combine(AppContext.BaseDirectory, "emu.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [host, "boot", "--kernel", kernel, "--at", "0x7C00", "--debugcon", folder["out"]]) { RedirectStandardError = true })!;
        for (var i = 0; i < 600 && !File.Exists(folder["out"]); i++)
        {
            Thread.Sleep(100);
        }

        Thread.Sleep(500);
        Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.WaitForExit();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
        Assert.Contains("stopped after", process.StandardError.ReadToEnd());
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    private static CliRun Run(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var exitCode = new CommandLine(Services.Default, CancellationToken.None, output, error).Run(args);
        return new CliRun(exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}
