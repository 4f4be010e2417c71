using System.Buffers.Binary;

namespace Emulator.Hypervisor;

/// <summary>Random RISC-V code: of every opcode, compressed or not, with CSR numbers that exist and short jumps.</summary>
internal static class RiscVCode
{
    /// <summary>Major opcodes; the more often named, the more frequent.</summary>
    private static readonly byte[] Opcodes =
    [
        0x13, 0x13, 0x13, 0x33, 0x33, 0x33, 0x1B, 0x3B, 0x03, 0x03, 0x23, 0x23, 0x63, 0x63, 0x6F, 0x67, 0x37, 0x17, 0x0F, 0x2F, 0x73, 0x73, 0x73, 0x07, 0x27, 0x53, 0x53, 0x43,
    ];

    /// <summary>User, supervisor and machine CSRs (privileged manual, 2.2), and one that does not exist.</summary>
    private static readonly ushort[] Csrs =
    [
        0x001, 0x002, 0x003, 0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0x300, 0x301, 0x302, 0x303, 0x304, 0x305, 0x306, 0x320, 0x340, 0x341, 0x342, 0x343, 0x344, 0x3A0,
        0x3B0, 0xB00, 0xB02, 0xC00, 0xC01, 0xC02, 0xF11, 0xF14, 0x7C0,
    ];

    /// <summary>Encodings without operands: ECALL, EBREAK, SRET, MRET, WFI.</summary>
    private static readonly uint[] Whole = [0x00000073, 0x00100073, 0x10200073, 0x30200073, 0x10500073];

    public static void Fill(Random random, Span<byte> code)
    {
        for (int at = 0; at + 4 <= code.Length;)
        {
            if (random.Next(3) == 0)
            {
                ushort half = (ushort)random.Next(0x10000);
                BinaryPrimitives.WriteUInt16LittleEndian(code[at..], (half & 3) == 3 ? (ushort)(half ^ 1) : half);
                at += 2;
                continue;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(code[at..], Word(random));
            at += 4;
        }
    }

    private static uint Word(Random random)
    {
        uint word = (uint)random.NextInt64(1L << 32), opcode = Opcodes[random.Next(Opcodes.Length)];
        word = (word & ~0x7Fu) | opcode;
        switch (opcode)
        {
            case 0x73:
                // A CSR instruction, a whole one, or SFENCE.VMA.
                return random.Next(6) switch
                {
                    0 => Whole[random.Next(Whole.Length)],
                    1 => 0x12000073 | (word & 0x01F08000),
                    _ => (word & 0x000FFFFF) | ((uint)Csrs[random.Next(Csrs.Length)] << 20),
                };
            case 0x6F:
                // JAL, within a few instructions.
                return (word & 0xFFF) | (((uint)random.Next(2, 24) << 1) & 0x3FE) << 20;
            case 0x63:
                return (word & 0x01FFF07F) | ((uint)random.Next(2, 12) << 8);
            case 0x33 or 0x3B when random.Next(2) == 0:
                return (word & 0x01FFFFFF) | (random.Next(3) switch { 0 => 0u, 1 => 0x40000000u, _ => 0x02000000u });
            case 0x2F:
                return (word & 0xF9FFFFFF & ~0x7000u) | (random.Next(2) == 0 ? 0x2000u : 0x3000u);
            default:
                return word;
        }
    }
}
