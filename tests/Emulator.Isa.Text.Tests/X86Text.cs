using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Isa.Text.Tests;

/// <summary>The x86 disassembler and assembler, by code size.</summary>
internal static unsafe class X86Text
{
    public static X86DecodeMode Mode(int bits) => new() { osz = (byte)bits, asz = (byte)bits, ssz = (byte)bits };

    public static int Disassemble(int bits, ReadOnlySpan<byte> bytes, ulong pc, out string text)
    {
        X86DecodeMode mode = Mode(bits);
        return X86Disassembler.Disassemble(in mode, bytes, pc, out text);
    }

    /// <summary>The encoding, or null and why there is none.</summary>
    public static byte[]? Assemble(int bits, string text, ulong pc, out string error)
    {
        X86DecodeMode mode = Mode(bits);
        byte[] bytes = new byte[16];
        return X86Assembler.TryAssemble(in mode, pc, text, bytes, out int length, out error) ? bytes[..length] : null;
    }

    /// <summary>The form bytes decode to; -1 for none.</summary>
    public static int FormOf(int bits, ReadOnlySpan<byte> bytes, ulong pc)
    {
        X86DecodeMode mode = Mode(bits);
        X86Instruction instruction = default;
        int length;
        fixed (byte* start = bytes) length = X86Decoder.Decode(in mode, start, bytes.Length, pc, &instruction);
        return length > 0 ? instruction.Form : -1;
    }

    /// <summary>Random bytes that begin as a form's encoding says, behind random prefixes now and then.</summary>
    public static byte[] RandomEncoding(FormInfo form, Random random)
    {
        ReadOnlySpan<byte> prefixes = [0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65];
        var bytes = new List<byte>();
        for (int n = random.Next(3) == 0 ? random.Next(1, 3) : 0; n > 0; n--) bytes.Add(prefixes[random.Next(prefixes.Length)]);
        foreach (string part in form.Encoding.Split(' '))
        {
            if (part == "/r") bytes.Add((byte)random.Next(256));
            else if (part[0] == '/') bytes.Add((byte)((random.Next(256) & 0xC7) | (part[1] - '0') << 3));
            else if (part.Contains('+')) bytes.Add((byte)(Convert.ToByte(part[..2], 16) | random.Next(part.EndsWith("+cc", StringComparison.Ordinal) ? 16 : 8)));
            else bytes.Add(Convert.ToByte(part, 16));
        }
        byte[] rest = new byte[16];
        random.NextBytes(rest);
        return [.. bytes, .. rest];
    }
}
