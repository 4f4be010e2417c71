using System.Diagnostics;
using System.Globalization;

namespace Emulator.RiscV.Tests.Floats;

/// <summary>Text of floating-point instructions against LLVM's disassembler: random words of their opcodes, and the assembler's way back.</summary>
public sealed class FloatTextTests
{
    private const int Words = 20_000;

    /// <summary>Opcodes of loads, stores, the four fused multiplications, computation.</summary>
    private static readonly uint[] Opcodes = [0x07, 0x27, 0x43, 0x47, 0x4B, 0x4F, 0x53, 0x53, 0x53, 0x53];

    [AssemblerTheory]
    [InlineData(32)]
    [InlineData(64)]
    public void TextsAreLlvms(int xlen)
    {
        var random = new Random(14 + xlen);
        uint[] words = [.. Enumerable.Range(0, Words).Select(i => Word(random, i, xlen)), .. FloatInstructions.All(xlen).Select(w => w.Word).Where(w => (w & 3) == 3)];
        string?[] theirs = Disassemble(xlen, words);
        var wrong = new List<string>();
        int instructions = 0;
        for (int i = 0; i < words.Length; i++)
        {
            string? ours = Text(xlen, words[i]);
            if (ours is not null) instructions++;
            if (ours != theirs[i] && !(theirs[i] is null && IsExactInAnotherMode(words[i]))) wrong.Add($"{words[i]:x8}: {ours}; LLVM: {theirs[i]}");
            if (ours is null) continue;
            byte[] back = TestMachine.Assemble(xlen, ours);
            if (Text(xlen, Value(back)) != ours || Value(back) != Shortest(words[i])) wrong.Add($"{words[i]:x8}: {ours} assembles to {Value(back):x8}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
        Assert.True(instructions > Words / 3, $"{instructions} instructions");
    }

    /// <summary>
    /// Conversions that are always exact have a rounding mode all the same (unprivileged manual, 22.5); LLVM 14 knows them with 0 alone: fcvt.d.s, fcvt.d.w, fcvt.d.wu.
    /// </summary>
    private static bool IsExactInAnotherMode(uint word) => (word & 0x7F) == 0x53 && (word >> 12 & 7) is not (0 or 5 or 6) && (word >> 20) is 0x420 or 0xD20 or 0xD21;

    private static uint Word(Random random, int i, int xlen)
    {
        uint any = (uint)random.NextInt64();
        if (i % 8 == 0) return Compressed(any, xlen);
        uint word = any & ~0x7Fu | Opcodes[random.Next(Opcodes.Length)];
        if ((word & 0x7F) != 0x53) return word;

        // Most function codes are free; those that are not are tried often, with small numbers in place of the second register.
        uint[] functions = [0x00, 0x01, 0x04, 0x05, 0x08, 0x09, 0x0C, 0x0D, 0x2C, 0x2D, 0x10, 0x11, 0x14, 0x15, 0x20, 0x21, 0x50, 0x51, 0x60, 0x61, 0x68, 0x69, 0x70, 0x71, 0x78, 0x79];
        if (random.Next(8) != 0) word = word & 0x01FF_FFFF | functions[random.Next(functions.Length)] << 25;
        if (random.Next(2) == 0) word = word & 0xFE0F_FFFF | (uint)random.Next(4) << 20;
        return word;
    }

    /// <summary>Loads and stores of the first and third quadrant.</summary>
    private static uint Compressed(uint any, int xlen)
    {
        uint[] functions = xlen == 32 ? [1, 3, 5, 7] : [1, 5];
        return any & 0x1FFC | functions[any >> 16 & (uint)(functions.Length - 1)] << 13 | (any & 0x4000_0000) >> 29;
    }

    /// <summary>The word in as many bits as it has.</summary>
    private static uint Shortest(uint word) => (word & 3) == 3 ? word : word & 0xFFFF;

    private static uint Value(byte[] bytes) => bytes.Length == 2 ? BitConverter.ToUInt16(bytes) : BitConverter.ToUInt32(bytes);

    private static string? Text(int xlen, uint word)
    {
        byte[] bytes = BitConverter.GetBytes(word);
        int length = xlen == 64 ? Rv64Disassembler.Disassemble(default, bytes, TestMachine.Start, out string text) : Rv32Disassembler.Disassemble(default, bytes, TestMachine.Start, out text);
        return length <= 0 ? null : text;
    }

    /// <summary>LLVM's texts in our notation: the mode of frm is not written.</summary>
    private static string?[] Disassemble(int xlen, uint[] words)
    {
        var start = new ProcessStartInfo("llvm-mc", ["-disassemble", $"-triple=riscv{xlen}", "-mattr=+f,+d,+c", "-M", "no-aliases"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        foreach (uint word in words)
        {
            int bytes = (word & 3) == 3 ? 4 : 2;
            process.StandardInput.WriteLine(string.Join(' ', Enumerable.Range(0, bytes).Select(b => string.Create(CultureInfo.InvariantCulture, $"0x{word >> (8 * b) & 0xFF:x2}"))));
        }

        process.StandardInput.Close();
        process.WaitForExit();

        // Lines of input that are no instruction are named in the warnings; the others have a line of output each.
        HashSet<int> invalid = [.. errors.Result.Split('\n').Where(l => l.Contains("warning: invalid instruction encoding", StringComparison.Ordinal)).Select(l => int.Parse(l.Split(':')[1], CultureInfo.InvariantCulture) - 1)];
        var lines = new Queue<string>(output.Result.Split('\n').Where(l => l.StartsWith('\t') && !l.Contains(".text", StringComparison.Ordinal)));
        var texts = new string?[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (invalid.Contains(i)) continue;
            string text = lines.Dequeue().Trim().Replace('\t', ' ');
            texts[i] = text.EndsWith(", dyn", StringComparison.Ordinal) ? text[..^5] : text;
        }

        Assert.Empty(lines);
        return texts;
    }
}
