using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Isa.Text.Tests;

/// <summary>Every x86 form, with random operands and prefixes: what the disassembler writes, the assembler reads, and the disassembler writes the same again.</summary>
public sealed class X86RoundTripTests
{
    private const ulong Pc = 0x12345;
    private const int TextsPerForm = 8;

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void EveryForm(int bits)
    {
        var random = new Random(bits);
        var failures = new List<string>();
        var unseen = new List<string>();
        for (int form = 0; form < X86Metadata.Instance.Forms.Count; form++)
        {
            FormInfo info = X86Metadata.Instance.Forms[form];
            var texts = new HashSet<string>();
            for (int attempt = 0; attempt < 4000 && texts.Count < TextsPerForm; attempt++)
            {
                byte[] bytes = X86Text.RandomEncoding(info, random);
                if (X86Text.FormOf(bits, bytes, Pc) != form) continue;
                int length = X86Text.Disassemble(bits, bytes, Pc, out string text);
                if (texts.Add(text) && Failure(bits, bytes.AsSpan(0, length), text) is { } failure) failures.Add(failure);
            }
            if (texts.Count == 0) unseen.Add($"{info.Instruction} {info.Encoding} ({info.Operands})");
        }
        Assert.Empty(failures);
        Assert.Empty(unseen);
    }

    private static string? Failure(int bits, ReadOnlySpan<byte> original, string text)
    {
        byte[]? bytes = X86Text.Assemble(bits, text, Pc, out string error);
        if (bytes is null) return $"{Convert.ToHexString(original)} '{text}': {error}";
        int length = X86Text.Disassemble(bits, bytes, Pc, out string again);
        if (length != bytes.Length || again != text) return $"{Convert.ToHexString(original)} '{text}' became {Convert.ToHexString(bytes)} '{again}'";
        return bytes.Length > original.Length ? $"{Convert.ToHexString(original)} '{text}' is longer as {Convert.ToHexString(bytes)}" : null;
    }

    [Theory]
    [InlineData(32, "mov eax, 1", "B801000000")]
    [InlineData(32, "MOV  eax,1h", "B801000000")]
    [InlineData(32, "add dword [eax+ebx*4+16], -1", "83449810FF")]
    [InlineData(32, "lock inc dword [ebx]", "F0FF03")]
    [InlineData(32, "rep movsd", "F3A5")]
    [InlineData(32, "mov ax, 5", "66B80500")]
    [InlineData(16, "mov eax, 5", "66B805000000")]
    [InlineData(16, "mov word [bx+si-2], cx", "8948FE")]
    [InlineData(32, "mov eax, dword [fs:0x10]", "64A110000000")]
    [InlineData(32, "mov eax, dword [fs:ebx]", "648B03")]
    [InlineData(32, "jmp short 0x12345", "EBFE")]
    [InlineData(32, "je near 0x12345", "0F84FAFFFFFF")]
    [InlineData(32, "jmp 0x8:0x1234", "EA341200000800")]
    [InlineData(32, "push -1", "6AFF")]
    [InlineData(32, "push 0x12345", "6845230100")]
    [InlineData(32, "lea eax, [eax+eax]", "8D0400")]
    [InlineData(32, "nop", "90")]
    [InlineData(32, "out dx, al", "EE")]
    [InlineData(32, "mov cr3, eax", "0F2218")]
    [InlineData(32, "fadd st3", "D8C3")]
    public void Assembles(int bits, string text, string bytes)
    {
        byte[]? encoding = X86Text.Assemble(bits, text, Pc, out string error);
        Assert.Equal(bytes, encoding is null ? error : Convert.ToHexString(encoding));
    }

    [Theory]
    [InlineData("movv eax, 1", "there is no instruction 'movv'; did you mean 'mov'?")]
    [InlineData("lock movv eax, 1", "there is no instruction 'movv'; did you mean 'mov'?")]
    [InlineData("add al, 300", "300 is out of range: this operand takes -128 to 255")]
    [InlineData("loop 0x20000", "0x20000 is out of range: this operand takes 0x122c7 to 0x123c6")]
    [InlineData("mov eax, dword [esp*2]", "'mov' has no encoding with this combination of operands in this mode")]
    [InlineData("lock", "there is no instruction 'lock'; did you mean 'loop'?")]
    public void SaysWhatIsWrong(string text, string error)
    {
        Assert.Null(X86Text.Assemble(32, text, Pc, out string actual));
        Assert.Equal(error, actual);
    }

    [Fact]
    public void ShapesAreListedWhenOperandsDoNotFit()
    {
        Assert.Null(X86Text.Assemble(32, "mov eax", Pc, out string error));
        Assert.StartsWith("these operands fit no form of 'mov'; its forms are:\n  mov reg8/mem8, reg8\n", error, StringComparison.Ordinal);
    }

    /// <summary>Text of any kind ends in an encoding or a message, never in an exception.</summary>
    [Fact]
    public void AnyTextIsAnswered()
    {
        var random = new Random(7);
        string[] pieces = ["mov", "eax", "[", "]", ",", " ", "+", "-", "*4", "0x", "0x10", "9", "lock ", "rep ", "dword ", ":", "\t", "st1", "'", "\\", "add ", "ffh", "-"];
        for (int i = 0; i < 3000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            byte[]? bytes = X86Text.Assemble(32, text, Pc, out string error);
            Assert.True(bytes is null != (error.Length == 0), text);
        }
    }
}
