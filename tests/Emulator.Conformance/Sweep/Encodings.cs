namespace Emulator.Conformance.Sweep;

/// <summary>Every opcode of both maps with every prefix, ModRM byte and kind of SIB byte.</summary>
internal static class Encodings
{
    private static readonly byte[][] PrefixSets =
    [
        [], [0x66], [0x67], [0xF2], [0xF3], [0xF0], [0x26], [0x2E], [0x36], [0x3E], [0x64], [0x65],
        [0x66, 0x67], [0x66, 0xF2], [0x66, 0xF3], [0x66, 0xF0], [0x67, 0x64],
    ];

    private static readonly HashSet<int> Prefixes = [0x0F, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3];

    // Base and index; no index; base ESP; no base (mod 0) or EBP; neither; index scaled.
    private static readonly byte[] Sibs = [0x08, 0x63, 0x24, 0x4D, 0x25, 0xD7];

    // What stands behind: small, negative, zero and arbitrary displacements and immediates.
    private static readonly byte[][] Tails =
    [
        [0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0x01, 0x02, 0x03],
        [0xF0, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
        [0x05, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x09, 0x00],
        [0x80, 0x00, 0x80, 0x80, 0x7F, 0x00, 0x80, 0xC3, 0x90, 0x10],
    ];

    /// <summary>Opcodes of both maps but prefixes; 0x0Fxx is the second.</summary>
    public static IReadOnlyList<int> Opcodes { get; } =
        [.. Enumerable.Range(0, 256).Where(o => !Prefixes.Contains(o)), .. Enumerable.Range(0x0F00, 256)];

    /// <summary>Every encoding of an opcode. The array of bytes is reused.</summary>
    public static IEnumerable<SweepCase> Of(int opcode)
    {
        var bytes = new byte[SweepCase.Size];
        int number = 0;
        foreach (int bits in (int[])[16, 32])
        {
            foreach (byte[] prefixes in PrefixSets)
            {
                string prefix = prefixes.Length == 0 ? "-" : string.Join(' ', prefixes.Select(p => p.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
                bool wide = (bits == 32) != prefixes.Contains((byte)0x67);
                for (int modrm = 0; modrm < 256; modrm++)
                {
                    int sibs = wide && modrm < 0xC0 && (modrm & 7) == 4 ? Sibs.Length : 1;
                    for (int sib = 0; sib < sibs; sib++)
                    {
                        Fill(bytes, prefixes, opcode, (byte)modrm, sibs > 1 ? Sibs[sib] : null, Tails[number++ % Tails.Length]);
                        yield return new SweepCase { Bits = bits, Prefix = prefix, Opcode = opcode, ModRm = (byte)modrm, Bytes = bytes };
                    }
                }
            }
        }
    }

    /// <summary>Every ModRM with every SIB byte, for one opcode with a register and a memory operand (MOV).</summary>
    public static IEnumerable<SweepCase> AllAddresses()
    {
        const int Move = 0x8B;
        var bytes = new byte[SweepCase.Size];
        foreach (int bits in (int[])[16, 32])
        {
            foreach (byte[] prefixes in PrefixSets)
            {
                for (int modrm = 0; modrm < 256; modrm++)
                {
                    for (int sib = 0; sib < 256; sib++)
                    {
                        Fill(bytes, prefixes, Move, (byte)modrm, (byte)sib, Tails[(modrm + sib) % Tails.Length]);
                        yield return new SweepCase { Bits = bits, Prefix = "address", Opcode = Move, ModRm = (byte)modrm, Bytes = bytes };
                    }
                }
            }
        }
    }

    private static void Fill(byte[] bytes, byte[] prefixes, int opcode, byte modrm, byte? sib, byte[] tail)
    {
        int n = 0;
        foreach (byte prefix in prefixes)
            bytes[n++] = prefix;
        if (opcode > 0xFF)
            bytes[n++] = 0x0F;
        bytes[n++] = (byte)opcode;
        bytes[n++] = modrm;
        if (sib is { } s)
            bytes[n++] = s;
        for (int i = 0; n < bytes.Length; i++)
            bytes[n++] = tail[i % tail.Length];
    }
}
