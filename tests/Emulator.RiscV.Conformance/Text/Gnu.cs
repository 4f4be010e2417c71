using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Emulator.RiscV.Conformance.Text;

/// <summary>GNU's assembler and disassembler for RISC-V.</summary>
internal static partial class Gnu
{
    private const string Assembler = "riscv64-unknown-elf-as";
    private const string Disassembler = "riscv64-unknown-elf-objdump";

    private const string Copier = "riscv64-unknown-elf-objcopy";

    /// <summary>The programs needed.</summary>
    public static readonly string[] Programs = [Assembler, Disassembler, Copier];

    /// <summary>A line of a disassembly: where it stands, the word in as many bits as it has, and the text without comments and names of places.</summary>
    public sealed record Line(ulong Address, uint Word, int Length, string Text);

    /// <summary>Disassembles the code of an ELF file.</summary>
    public static List<Line> Disassemble(string file, bool pseudo)
    {
        string output = Run(Disassembler, pseudo ? ["-d", file] : ["-d", "-M", "no-aliases", file], out string errors);
        Assert.True(errors.Length == 0, errors);
        return [.. output.Split('\n').Select(l => Row().Match(l)).Where(m => m.Success).Select(m => new Line(
            ulong.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            uint.Parse(m.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            m.Groups[2].Length / 2,
            Clean(m.Groups[3].Value)))];
    }

    /// <summary>The same as code of no version of the privileged architecture in particular, whatever the file says: CSRs have their present names.</summary>
    public static List<Line> DisassembleWithoutAttributes(string file, bool pseudo)
    {
        string copy = Path.GetTempFileName();
        try
        {
            Run(Copier, ["-R", ".riscv.attributes", file, copy], out string errors);
            Assert.True(errors.Length == 0, errors);
            return Disassemble(copy, pseudo);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Disassembles words, which stand one behind the other from address 0.</summary>
    public static List<Line> Disassemble(int xlen, IEnumerable<(uint Word, int Length)> words, bool pseudo) =>
        OfObject(xlen, words.Select(w => $".insn {w.Length}, 0x{w.Word:x}"), file => Disassemble(file, pseudo));

    /// <summary>Assembles lines one behind the other from address 0, each to the length that is given.</summary>
    public static List<(uint Word, int Length)> Assemble(int xlen, IEnumerable<(string Text, int Length)> lines) =>
        OfObject(xlen, lines.Select(l => $".option {(l.Length == 2 ? "rvc" : "norvc")}\n{l.Text}"), file => Disassemble(file, pseudo: false).ConvertAll(l => (l.Word, l.Length)));

    private static T OfObject<T>(int xlen, IEnumerable<string> lines, Func<string, T> use)
    {
        string folder = Directory.CreateTempSubdirectory("gnu").FullName;
        try
        {
            string source = Path.Combine(folder, "code.s"), target = Path.Combine(folder, "code.o");
            File.WriteAllLines(source, lines.Prepend(".option norelax"));
            Run(Assembler, [$"-march=rv{xlen}imafdc_zicsr_zifencei_zba_zbb_zbs", $"-mabi={(xlen == 64 ? "lp64d" : "ilp32d")}", source, "-o", target], out string errors);
            Assert.True(errors.Length == 0, string.Join('\n', errors.Split('\n').Take(40)));
            return use(target);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Clean(string text)
    {
        text = Place().Replace(Comment().Replace(text, ""), "").Trim();
        return text.StartsWith(".4byte", StringComparison.Ordinal) || text.StartsWith(".2byte", StringComparison.Ordinal) ? "(bad)" : Blanks().Replace(text, " ");
    }

    private static string Run(string program, string[] arguments, out string errors)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 })!;
        Task<string> wrong = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors = wrong.Result;
        return output;
    }

    [GeneratedRegex(@"^\s*([0-9a-f]+):\s+([0-9a-f]{4}|[0-9a-f]{8})\s+(\S.*)$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\s*#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s*<[^>]*>")]
    private static partial Regex Place();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
