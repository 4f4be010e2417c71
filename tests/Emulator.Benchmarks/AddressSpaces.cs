using Emulator.X86;

namespace Emulator.Benchmarks;

/// <summary>A guest that goes round its address spaces and adds up a few pages in each, without end: what a monitor makes of MOV to CR3.</summary>
internal static class AddressSpaces
{
    /// <summary>Where it is loaded and entered, without paging.</summary>
    public const uint Origin = 0x10_0000;

    // 64 directories of one entry for the first 4 MB (which all share) and one for a table of their own, whose 16 pages lie 64 KB apart from the next space's.
    private static readonly string[] s_code =
    [
        "mov edi, 0x200000", "mov eax, 7", "mov ecx, 1024", "mov dword [edi], eax", "add eax, 0x1000", "add edi, 4", "dec ecx", "jne -11",
        "mov esi, 0x300000", "mov ebx, 0x380007", "mov edx, 0x400007", "mov ebp, 64",
        "mov dword [esi], 0x200007", "mov dword [esi+4], ebx", "mov edi, ebx", "and edi, 0xfffff000", "mov ecx, 16", "mov dword [edi], edx", "add edi, 4", "add edx, 0x1000", "dec ecx", "jne -12",
        "add esi, 0x1000", "add ebx, 0x1000", "dec ebp", "jne -49",
        "mov eax, 0x300000", "mov cr3, eax", "mov eax, cr0", "or eax, 0x80000000", "mov cr0, eax",
        "mov esi, 0x300000", "mov cr3, esi", "mov edi, 0x400000", "mov ecx, 16", "add dword [edi], ecx", "mov eax, dword [edi+64]", "add edx, eax", "add edi, 0x1000", "dec ecx", "jne -14",
        "add esi, 0x1000", "cmp esi, 0x340000", "jne -41", "jmp -48",
    ];

    /// <summary>The image.</summary>
    public static byte[] Build()
    {
        var code = new List<byte>();
        Span<byte> bytes = stackalloc byte[16];
        var mode = new X86DecodeMode { osz = 32, asz = 32, ssz = 32 };
        foreach (string line in s_code)
        {
            // Jumps name their distance from their own beginning.
            uint pc = Origin + (uint)code.Count;
            string text = line[0] == 'j' ? $"{line.Split(' ')[0]} short 0x{pc + int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture):x}" : line;
            if (!X86Assembler.TryAssemble(in mode, pc, text, bytes, out int length, out string error))
                throw new InvalidOperationException($"{line}: {error}");
            code.AddRange(bytes[..length]);
        }

        return [.. code];
    }
}
