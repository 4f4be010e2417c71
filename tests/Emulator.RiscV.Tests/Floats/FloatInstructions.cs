namespace Emulator.RiscV.Tests.Floats;

/// <summary>All floating-point instructions as words, with operands in fa1, fa2, fa3, t1 and the result in fa0 or t2.</summary>
internal static class FloatInstructions
{
    /// <summary>A nop.</summary>
    public const uint Nop = 0x13;

    private const uint T1 = 6, T2 = 7, A0 = 10, A1 = 11, A2 = 12, A3 = 13;

    /// <summary>Every instruction of F, D, Zcf and Zcd, those with a rounding mode once for each of the five and once for the one in frm.</summary>
    /// <param name="xlen">32 or 64.</param>
    /// <returns>A name, one or two words (the second loads back what the first stores), whether operands are single-precision, whether t1 is one.</returns>
    public static IEnumerable<(string Name, uint Word, uint Second, bool Single, bool Integer)> All(int xlen)
    {
        foreach (uint fmt in (uint[])[0, 1])
        {
            string p = fmt == 0 ? "s" : "d";
            bool single = fmt == 0;
            foreach (uint rm in (uint[])[0, 1, 2, 3, 4, 7])
            {
                foreach ((string name, uint f5) in ((string, uint)[])[("fadd", 0), ("fsub", 1), ("fmul", 2), ("fdiv", 3)]) yield return ($"{name}.{p} {rm}", R(f5, fmt, A2, A1, rm, A0), Nop, single, false);
                yield return ($"fsqrt.{p} {rm}", R(0x0B, fmt, 0, A1, rm, A0), Nop, single, false);
                foreach ((string name, uint op) in ((string, uint)[])[("fmadd", 0x43), ("fmsub", 0x47), ("fnmsub", 0x4B), ("fnmadd", 0x4F)]) yield return ($"{name}.{p} {rm}", R(A3, fmt, A2, A1, rm, A0, op), Nop, single, false);
                for (uint integer = 0; integer < (xlen == 64 ? 4 : 2); integer++)
                {
                    string i = ((string[])["w", "wu", "l", "lu"])[integer];
                    yield return ($"fcvt.{i}.{p} {rm}", R(0x18, fmt, integer, A1, rm, T2), Nop, single, false);
                    yield return ($"fcvt.{p}.{i} {rm}", R(0x1A, fmt, integer, T1, rm, A0), Nop, single, true);
                }

                yield return ($"fcvt.{(single ? "s.d" : "d.s")} {rm}", R(8, fmt, fmt ^ 1, A1, rm, A0), Nop, !single, false);
            }

            for (uint rm = 0; rm < 3; rm++)
            {
                yield return ($"fsgnj.{p} {rm}", R(4, fmt, A2, A1, rm, A0), Nop, single, false);
                yield return ($"fle, flt, feq.{p} {rm}", R(0x14, fmt, A2, A1, rm, T2), Nop, single, false);
            }

            yield return ($"fmin.{p}", R(5, fmt, A2, A1, 0, A0), Nop, single, false);
            yield return ($"fmax.{p}", R(5, fmt, A2, A1, 1, A0), Nop, single, false);
            yield return ($"fclass.{p}", R(0x1C, fmt, 0, A1, 1, T2), Nop, single, false);
            if (single || xlen == 64)
            {
                yield return ($"fmv.x.{p}", R(0x1C, fmt, 0, A1, 0, T2), Nop, single, false);
                yield return ($"fmv.{p}.x", R(0x1E, fmt, 0, T1, 0, A0), Nop, single, true);
            }

            // Offset 32 of the record is free for what is stored once t1 is loaded; offsets 12 and 8 are operands.
            uint f3 = 2 + fmt;
            yield return ($"fl{(single ? "w" : "d")}", Load(12, A0, f3, A0), Nop, single, false);
            yield return ($"fs{(single ? "w" : "d")}", Store(36, A1, A0, f3), Load(36, A0, 3, A0), single, false);
        }

        // fa1 to offset 32, and from there to fa0: relative to a0, and to sp, which is the same.
        yield return ("c.fsd, c.fld", CompressedPair(5, 1, 32, bits: 64), Nop, false, false);
        yield return ("c.fsdsp, c.fldsp", StackPair(5, 1, 32, bits: 64), Nop, false, false);
        if (xlen == 64) yield break;
        yield return ("c.fsw, c.flw", CompressedPair(7, 3, 36, bits: 32), Nop, true, false);
        yield return ("c.fswsp, c.flwsp", StackPair(7, 3, 36, bits: 32), Nop, true, false);
    }

    private static uint R(uint f5, uint fmt, uint rs2, uint rs1, uint rm, uint rd, uint op = 0x53) => f5 << 27 | fmt << 25 | rs2 << 20 | rs1 << 15 | rm << 12 | rd << 7 | op;

    private static uint Load(uint offset, uint rs1, uint f3, uint rd) => offset << 20 | rs1 << 15 | f3 << 12 | rd << 7 | 0x07;

    private static uint Store(uint offset, uint rs2, uint rs1, uint f3) => offset >> 5 << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | (offset & 31) << 7 | 0x27;

    /// <summary>Stores fa1 and loads fa0, relative to a0.</summary>
    private static uint CompressedPair(uint store, uint load, uint offset, int bits)
    {
        uint o = (offset >> 3 & 7) << 10 | (bits == 64 ? (offset >> 6 & 3) << 5 : (offset >> 2 & 1) << 6 | (offset >> 6 & 1) << 5);
        uint first = store << 13 | o | (A0 - 8) << 7 | (A1 - 8) << 2, second = load << 13 | o | (A0 - 8) << 7 | (A0 - 8) << 2;
        return second << 16 | first;
    }

    /// <summary>The same relative to sp.</summary>
    private static uint StackPair(uint store, uint load, uint offset, int bits)
    {
        uint stored = bits == 64 ? (offset >> 3 & 7) << 10 | (offset >> 6 & 7) << 7 : (offset >> 2 & 15) << 9 | (offset >> 6 & 3) << 7;
        uint loaded = bits == 64 ? (offset >> 5 & 1) << 12 | (offset >> 3 & 3) << 5 | (offset >> 6 & 7) << 2 : (offset >> 5 & 1) << 12 | (offset >> 2 & 7) << 4 | (offset >> 6 & 3) << 2;
        return (load << 13 | loaded | A0 << 7 | 2) << 16 | store << 13 | stored | A1 << 2 | 2;
    }
}
