using System.Numerics;

namespace Emulator.RiscV.Tests;

/// <summary>What the computational instructions do, said a second time: over unbounded integers, from the manual's words.</summary>
internal static class ComputationModel
{
    /// <summary>A value of some bits as a signed number.</summary>
    private static BigInteger S(ulong v, int w)
    {
        BigInteger b = v & Mask(w);
        return b >> (w - 1) == 1 ? b - (BigInteger.One << w) : b;
    }

    private static ulong Mask(int w) => w == 64 ? ulong.MaxValue : (1ul << w) - 1;

    /// <summary>The low bits of a number.</summary>
    private static ulong Cut(BigInteger v, int w) => (ulong)(((v % (BigInteger.One << w)) + (BigInteger.One << w)) % (BigInteger.One << w));

    /// <summary>Sign extension.</summary>
    private static ulong Sx(ulong v, int from, int w) => Cut(S(v, from), w);

    /// <summary>The result of an instruction for its two sources, the second of which may be an immediate.</summary>
    /// <param name="m">The mnemonic.</param>
    /// <param name="w">XLEN.</param>
    public static ulong Of(string m, ulong a, ulong b, int w)
    {
        switch (m)
        {
            case "addw": case "addiw": return Sx(Cut((BigInteger)a + b, 32), 32, w);
            case "subw": return Sx(Cut((BigInteger)a - b, 32), 32, w);
            case "sllw": case "slliw": return Sx((a << (int)(b & 31)) & Mask(32), 32, w);
            case "srlw": case "srliw": return Sx((a & Mask(32)) >> (int)(b & 31), 32, w);
            case "sraw": case "sraiw": return Cut(S(a, 32) >> (int)(b & 31), w);
            case "mulw": return Sx(Cut((BigInteger)a * b, 32), 32, w);
            case "divw": return Sx(Div(a, b, 32), 32, w);
            case "remw": return Sx(Rem(a, b, 32), 32, w);
            case "divuw": { ulong x = a & Mask(32), y = b & Mask(32); return Sx(y == 0 ? Mask(32) : x / y, 32, w); }
            case "remuw": { ulong x = a & Mask(32), y = b & Mask(32); return Sx(y == 0 ? x : x % y, 32, w); }
            case "sh1add.uw": return Cut((BigInteger)b + ((BigInteger)(a & Mask(32)) << 1), w);
            case "sh2add.uw": return Cut((BigInteger)b + ((BigInteger)(a & Mask(32)) << 2), w);
            case "sh3add.uw": return Cut((BigInteger)b + ((BigInteger)(a & Mask(32)) << 3), w);
            case "add.uw": return Cut((BigInteger)b + (a & Mask(32)), w);
            case "slli.uw": return Cut((BigInteger)(a & Mask(32)) << (int)(b & 63), w);
            case "rolw": { int n = (int)(b & 31); ulong x = a & Mask(32); return Sx(((x << n) | (n == 0 ? 0 : x >> (32 - n))) & Mask(32), 32, w); }
            case "rorw": case "roriw": { int n = (int)(b & 31); ulong x = a & Mask(32); return Sx(((x >> n) | (n == 0 ? 0 : x << (32 - n))) & Mask(32), 32, w); }
            case "clzw": { ulong x = a & Mask(32); int k = 0; while (k < 32 && (x >> (31 - k) & 1) == 0) k++; return (ulong)k; }
            case "ctzw": { ulong x = a & Mask(32); int k = 0; while (k < 32 && (x >> k & 1) == 0) k++; return (ulong)k; }
            case "cpopw": { ulong x = a & Mask(32); ulong k = 0; for (int i = 0; i < 32; i++) k += x >> i & 1; return k; }
        }
        int sh = (int)(b & (ulong)(w - 1));
        switch (m)
        {
            case "add": case "addi": return Cut((BigInteger)a + b, w);
            case "sub": return Cut((BigInteger)a - b, w);
            case "sll": case "slli": return Cut((BigInteger)a << sh, w);
            case "slt": case "slti": return S(a, w) < S(b, w) ? 1ul : 0;
            case "sltu": case "sltiu": return a < b ? 1ul : 0;
            case "xor": case "xori": return a ^ b;
            case "or": case "ori": return a | b;
            case "and": case "andi": return a & b;
            case "srl": case "srli": return a >> sh;
            case "sra": case "srai": return Cut(S(a, w) >> sh, w);
            case "mul": return Cut((BigInteger)a * b, w);
            case "mulh": return Cut(S(a, w) * S(b, w) >> w, w);
            case "mulhsu": return Cut(S(a, w) * b >> w, w);
            case "mulhu": return Cut((BigInteger)a * b >> w, w);
            case "div": return Div(a, b, w);
            case "rem": return Rem(a, b, w);
            case "divu": return b == 0 ? Mask(w) : a / b;
            case "remu": return b == 0 ? a : a % b;
            case "sh1add": return Cut((BigInteger)a * 2 + b, w);
            case "sh2add": return Cut((BigInteger)a * 4 + b, w);
            case "sh3add": return Cut((BigInteger)a * 8 + b, w);
            case "andn": return a & ~b & Mask(w);
            case "orn": return (a | ~b) & Mask(w);
            case "xnor": return ~(a ^ b) & Mask(w);
            case "min": return S(a, w) < S(b, w) ? a : b;
            case "max": return S(a, w) > S(b, w) ? a : b;
            case "minu": return Math.Min(a, b);
            case "maxu": return Math.Max(a, b);
            case "rol": return Cut(((BigInteger)a << sh) | ((BigInteger)a >> (w - sh)), w);
            case "ror": case "rori": return Cut(((BigInteger)a >> sh) | ((BigInteger)a << (w - sh)), w);
            case "bclr": case "bclri": return a & ~(1ul << sh);
            case "bset": case "bseti": return a | (1ul << sh);
            case "binv": case "binvi": return a ^ (1ul << sh);
            case "bext": case "bexti": return a >> sh & 1;
            case "clz": { int k = 0; while (k < w && (a >> (w - 1 - k) & 1) == 0) k++; return (ulong)k; }
            case "ctz": { int k = 0; while (k < w && (a >> k & 1) == 0) k++; return (ulong)k; }
            case "cpop": { ulong k = 0; for (int i = 0; i < w; i++) k += a >> i & 1; return k; }
            case "sext.b": return Sx(a & 0xFF, 8, w);
            case "sext.h": return Sx(a & 0xFFFF, 16, w);
            case "zext.h": return a & 0xFFFF;
            case "rev8": { ulong r = 0; for (int i = 0; i < w; i += 8) r |= (a >> i & 0xFF) << (w - 8 - i); return r; }
            case "orc.b": { ulong r = 0; for (int i = 0; i < w; i += 8) if ((a >> i & 0xFF) != 0) r |= 0xFFul << i; return r; }
        }
        throw new ArgumentException(m, nameof(m));
    }

    private static ulong Div(ulong a, ulong b, int w)
    {
        var (x, y) = (S(a, w), S(b, w));
        return y == 0 ? Mask(w) : Cut(BigInteger.Divide(x, y), w);
    }

    private static ulong Rem(ulong a, ulong b, int w)
    {
        var (x, y) = (S(a, w), S(b, w));
        return y == 0 ? a & Mask(w) : Cut(BigInteger.Remainder(x, y), w);
    }
}
