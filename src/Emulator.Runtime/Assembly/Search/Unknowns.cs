namespace Emulator.Runtime.Assembly;

/// <summary>Bits of the encoding under search, as far as they are determined, and the solving of equations for them.</summary>
internal sealed class Unknowns
{
    private readonly List<(int Width, UInt128 Known, UInt128 Value)> unknowns = [];

    /// <summary>Address of the instruction.</summary>
    public UInt128 Pc { get; set; }

    /// <summary>Length of the whole instruction; 0 while it is not known.</summary>
    public int Length { get; set; }

    public int Count => unknowns.Count;

    public void Clear()
    {
        unknowns.Clear();
        Length = 0;
    }

    public Term Add(int width)
    {
        unknowns.Add((width, 0, 0));
        return new Term(Operator.Unknown, width, Number: unknowns.Count - 1);
    }

    /// <summary>The value of an unknown, bits nobody asked for being zero.</summary>
    public UInt128 Value(int number) => unknowns[number].Value;

    /// <summary>Bits of an unknown that nothing determines.</summary>
    public UInt128 Free(int number) => ~unknowns[number].Known & Arithmetic.Mask(unknowns[number].Width);

    /// <summary>Chooses the free bits of an unknown.</summary>
    public void Choose(int number, UInt128 bits)
    {
        (int width, UInt128 known, UInt128 value) = unknowns[number];
        unknowns[number] = (width, known, (value & known) | (bits & ~known));
    }

    /// <summary>Whether every bit a value depends on is determined.</summary>
    public bool IsDetermined(Symbol s)
    {
        if (s.Term is not { } t) return true;
        return t.Op switch
        {
            Operator.Unknown => Free(t.Number) == 0,
            Operator.After or Operator.Length => Length > 0,
            Operator.Opaque => false,
            _ => IsDetermined(t.A) && IsDetermined(t.B) && IsDetermined(t.C),
        };
    }

    /// <summary>The value, with free bits as chosen.</summary>
    public UInt128 Evaluate(Symbol s)
    {
        if (s.Term is not { } t) return s.Value;
        switch (t.Op)
        {
            case Operator.Unknown: return Value(t.Number);
            case Operator.After: return (Pc + (UInt128)Length) & Arithmetic.Mask(t.Width);
            case Operator.Length: return (UInt128)Length & Arithmetic.Mask(t.Width);
            case Operator.Opaque: return 0;
            case Operator.Slice: return Evaluate(t.A) >> t.Number & Arithmetic.Mask(t.Width);
            case Operator.Select: return Evaluate(Evaluate(t.A) != 0 ? t.B : t.C);
            case Operator.Table:
                UInt128 index = Evaluate(t.A);
                return index < (UInt128)t.Table!.Length ? t.Table[(int)index] : 0;
            default: return Arithmetic.Compute(t.Op, t.Width, Evaluate(t.A), t.AWidth, Evaluate(t.B), t.BWidth);
        }
    }

    /// <summary>Determines bits so that a value is as given where <paramref name="care"/> has ones.</summary>
    /// <returns>Whether that is done, impossible, or cannot be decided yet.</returns>
    public Outcome Solve(Symbol s, UInt128 target, UInt128 care)
    {
        if (care == 0) return Outcome.Done;
        if (s.Term is not { } t) return ((s.Value ^ target) & care) == 0 ? Outcome.Done : Outcome.Impossible;
        if (IsDetermined(s)) return ((Evaluate(s) ^ target) & care) == 0 ? Outcome.Done : Outcome.Impossible;
        UInt128 mask = Arithmetic.Mask(t.Width);
        switch (t.Op)
        {
            case Operator.Unknown: return Determine(t.Number, target, care);
            case Operator.Opaque: return Outcome.Done;
            case Operator.Zext:
                UInt128 low = Arithmetic.Mask(t.AWidth);
                return (target & care & ~low) != 0 ? Outcome.Impossible : Solve(t.A, target, care & low);
            case Operator.Sext: return Extended(t, target, care);
            case Operator.Slice: return Solve(t.A, target << t.Number, (care & mask) << t.Number);
            case Operator.Concat:
                Outcome lowPart = Solve(t.B, target, care & Arithmetic.Mask(t.BWidth));
                return lowPart == Outcome.Impossible ? lowPart : Both(lowPart, Solve(t.A, target >> t.BWidth, care >> t.BWidth));
            case Operator.Not: return Solve(t.A, ~target & mask, care);
            case Operator.Xor when Other(t, out Symbol x, out UInt128 c): return Solve(x, target ^ c, care);
            case Operator.And when t.Width > 1 && Other(t, out Symbol x, out UInt128 c):
                return (target & care & ~c) != 0 ? Outcome.Impossible : Solve(x, target, care & c);
            case Operator.Or when t.Width > 1 && Other(t, out Symbol x, out UInt128 c):
                return (~target & care & c) != 0 ? Outcome.Impossible : Solve(x, target, care & ~c);
            case Operator.Add when Other(t, out Symbol x, out UInt128 c) && IsLow(care): return Solve(x, (target - c) & mask, care);
            case Operator.Sub when IsDetermined(t.B) && IsLow(care): return Solve(t.A, (target + Evaluate(t.B)) & mask, care);
            case Operator.Sub when IsDetermined(t.A) && IsLow(care): return Solve(t.B, (Evaluate(t.A) - target) & mask, care);
            case Operator.Neg when IsLow(care): return Solve(t.A, (UInt128.Zero - target) & mask, care);
            case Operator.Shl when IsDetermined(t.B): return Shifted(t, target, care, left: true);
            case Operator.LShr when IsDetermined(t.B): return Shifted(t, target, care, left: false);
            case Operator.Eq or Operator.Ne:
                bool equal = (t.Op == Operator.Eq) == ((target & 1) != 0);
                if (!equal) return Outcome.Undecided;
                if (IsDetermined(t.B)) return Solve(t.A, Evaluate(t.B), Arithmetic.Mask(t.AWidth));
                return IsDetermined(t.A) ? Solve(t.B, Evaluate(t.A), Arithmetic.Mask(t.BWidth)) : Outcome.Undecided;
            case Operator.And when (target & 1) != 0: return Both(Solve(t.A, 1, 1), Solve(t.B, 1, 1));
            case Operator.Or when (target & 1) == 0: return Both(Solve(t.A, 0, 1), Solve(t.B, 0, 1));
            case Operator.Select when IsDetermined(t.A): return Solve(Evaluate(t.A) != 0 ? t.B : t.C, target, care);
            default: return Outcome.Undecided;
        }
    }

    /// <summary>The least and greatest number a value can be, whatever the bits of the encoding; null where that is not a simple range.</summary>
    public (Int128 Least, Int128 Greatest)? Range(Symbol s)
    {
        if (!IsOpen(s)) return IsDetermined(s) ? ((Int128)Evaluate(s), (Int128)Evaluate(s)) : null;
        Term t = s.Term!;
        switch (t.Op)
        {
            case Operator.Unknown or Operator.Slice when t.Width < 127: return (0, (Int128)Arithmetic.Mask(t.Width));
            case Operator.Zext: return Range(t.A);
            case Operator.Sext when t.AWidth < 127 && Range(t.A) is { Least: var least } r && least == 0:
                // Low bits that are always zero are in the greatest value, too.
                return (-(Int128.One << (t.AWidth - 1)), r.Greatest & ((Int128.One << (t.AWidth - 1)) - 1));
            case Operator.Concat when t.Width < 127 && Range(t.A) is { } high && Range(t.B) is { } low:
                return ((high.Least << t.BWidth) + low.Least, (high.Greatest << t.BWidth) + low.Greatest);
            case Operator.Add when !IsOpen(t.B) && Range(t.A) is { } r && Range(t.B) is { } c: return (r.Least + c.Least, r.Greatest + c.Least);
            case Operator.Add when !IsOpen(t.A) && Range(t.B) is { } r && Range(t.A) is { } c: return (r.Least + c.Least, r.Greatest + c.Least);
            case Operator.And when !IsOpen(t.B) && Range(t.B) is { } c && IsLow((UInt128)c.Least) && Range(t.A) is { } r && r.Least >= 0 && r.Greatest <= c.Least: return r;
            case Operator.Shl when !IsOpen(t.B) && Range(t.B) is { } c && Range(t.A) is { } r: return (r.Least << (int)c.Least, r.Greatest << (int)c.Least);
            default: return null;
        }
    }

    /// <summary>Whether a value depends on bits of the encoding, determined or not.</summary>
    private static bool IsOpen(Symbol s) => s.Term is { } t && (t.Op is Operator.Unknown or Operator.Opaque || IsOpen(t.A) || IsOpen(t.B) || IsOpen(t.C));

    private Outcome Determine(int number, UInt128 target, UInt128 care)
    {
        (int width, UInt128 known, UInt128 value) = unknowns[number];
        if (((value ^ target) & known & care) != 0) return Outcome.Impossible;
        known |= care;
        unknowns[number] = (width, known, (value & ~care) | (target & care));
        return Outcome.Done;
    }

    private Outcome Extended(Term t, UInt128 target, UInt128 care)
    {
        UInt128 low = Arithmetic.Mask(t.AWidth), sign = UInt128.One << (t.AWidth - 1);
        UInt128 high = care & ~low;
        if (high == 0) return Solve(t.A, target, care);
        bool negative = (target & high) != 0;
        if (negative && (~target & high) != 0) return Outcome.Impossible;
        return Solve(t.A, negative ? target | sign : target & ~sign, (care & low) | sign);
    }

    private Outcome Shifted(Term t, UInt128 target, UInt128 care, bool left)
    {
        UInt128 count = Evaluate(t.B), mask = Arithmetic.Mask(t.Width);
        if (count >= (UInt128)t.Width) return (target & care) == 0 ? Outcome.Done : Outcome.Impossible;
        int n = (int)count;
        UInt128 zeros = left ? Arithmetic.Mask(n) : mask & ~(mask >> n);
        if ((target & care & zeros) != 0) return Outcome.Impossible;
        return left ? Solve(t.A, target >> n, care >> n) : Solve(t.A, target << n & mask, care << n & mask);
    }

    /// <summary>The operand that is not determined, when the other one is.</summary>
    private bool Other(Term t, out Symbol unknown, out UInt128 known)
    {
        if (IsDetermined(t.B))
        {
            (unknown, known) = (t.A, Evaluate(t.B));
            return true;
        }
        (unknown, known) = (t.B, 0);
        if (!IsDetermined(t.A)) return false;
        known = Evaluate(t.A);
        return true;
    }

    /// <summary>Whether bits are the low ones without a gap, so that carries into them are known.</summary>
    private static bool IsLow(UInt128 care) => (care & (care + 1)) == 0;

    private static Outcome Both(Outcome a, Outcome b) =>
        a == Outcome.Impossible || b == Outcome.Impossible ? Outcome.Impossible : a == Outcome.Undecided || b == Outcome.Undecided ? Outcome.Undecided : Outcome.Done;
}
