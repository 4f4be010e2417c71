using System.Buffers.Binary;

namespace Emulator.Machines;

/// <summary>The ROM harts start in: it enters the first program with the hart's number in a0, the device tree in a1, and what OpenSBI's fw_dynamic asks for in a2.</summary>
internal static class VirtResetRom
{
    private const uint DynamicMagic = 0x4942_534F, DynamicVersion = 2, SupervisorMode = 1; // "OSBI"; include/sbi/fw_dynamic.h of OpenSBI
    private const int Start = 24, Tree = 32, Dynamic = 40;

    /// <summary>Builds it.</summary>
    /// <param name="xlen">32 or 64.</param>
    /// <param name="entry">Where harts go.</param>
    /// <param name="tree">Where the device tree is.</param>
    /// <param name="next">Entry of what the firmware is to start, in supervisor mode.</param>
    public static byte[] Build(int xlen, ulong entry, ulong tree, ulong next)
    {
        bool wide = xlen == 64;
        uint[] code =
        [
            0x0000_0297, // auipc t0, 0
            0x0282_8613, // addi a2, t0, Dynamic
            0xF140_2573, // csrr a0, mhartid
            wide ? 0x0202_B583u : 0x0202_A583, // ld (lw) a1, Tree(t0)
            wide ? 0x0182_B283u : 0x0182_A283, // ld (lw) t0, Start(t0)
            0x0002_8067, // jr t0
        ];
        ulong[] dynamic = [DynamicMagic, DynamicVersion, next, SupervisorMode, 0, 0];
        int word = xlen / 8;
        var rom = new byte[Dynamic + (dynamic.Length * word)];
        for (int i = 0; i < code.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(rom.AsSpan(4 * i), code[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(rom.AsSpan(Start), entry);
        BinaryPrimitives.WriteUInt64LittleEndian(rom.AsSpan(Tree), tree);
        for (int i = 0; i < dynamic.Length; i++)
        {
            if (wide)
                BinaryPrimitives.WriteUInt64LittleEndian(rom.AsSpan(Dynamic + (8 * i)), dynamic[i]);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(rom.AsSpan(Dynamic + (4 * i)), (uint)dynamic[i]);
        }

        return rom;
    }
}
