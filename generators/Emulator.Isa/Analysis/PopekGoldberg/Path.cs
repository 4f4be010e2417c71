using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What is known to hold where an execution has got to: a chain of conditions, the newest first.</summary>
internal sealed class Path
{
    private Path(Path? parent, Term literal)
    {
        Parent = parent;
        Literal = literal;
        Depth = parent is null ? 1 : parent.Depth + 1;
    }

    public Path? Parent { get; }

    public Term Literal { get; }

    public int Depth { get; }

    /// <summary>The chain with another condition; null stands for the empty chain.</summary>
    public static Path? Assume(Path? path, Term condition, bool value, TermFactory terms)
    {
        if (condition.Kind == TermKind.Unary && condition.Op == (int)IrUnary.Not) return Assume(path, condition.Arguments[0], !value, terms);
        if (condition.Kind == TermKind.Binary && condition.Op == (int)(value ? IrBinary.And : IrBinary.Or))
            return Assume(Assume(path, condition.Arguments[0], value, terms), condition.Arguments[1], value, terms);
        if (Decide(condition, path) == value) return path;
        return new Path(path, value ? condition : terms.Not(condition));
    }

    /// <summary>Whether a condition holds, where the chain tells.</summary>
    public static bool? Decide(Term condition, Path? path)
    {
        if (condition.IsConst) return condition.IsTrue;
        if (path is null) return null;
        if (condition.Kind == TermKind.Unary && condition.Op == (int)IrUnary.Not) return !Decide(condition.Arguments[0], path);
        if (condition.Kind == TermKind.Binary && condition.Op is (int)IrBinary.And or (int)IrBinary.Or)
        {
            bool absorbing = condition.Op == (int)IrBinary.Or;
            bool? left = Decide(condition.Arguments[0], path);
            if (left == absorbing) return absorbing;
            bool? right = Decide(condition.Arguments[1], path);
            if (right == absorbing) return absorbing;
            if (left == !absorbing && right == !absorbing) return !absorbing;
        }
        for (Path? p = path; p is not null; p = p.Parent)
        {
            Term literal = p.Literal;
            if (ReferenceEquals(literal, condition)) return true;
            bool negated = literal.Kind == TermKind.Unary && literal.Op == (int)IrUnary.Not;
            if (negated && ReferenceEquals(literal.Arguments[0], condition)) return false;
            if (Implied(condition, negated ? literal.Arguments[0] : literal, negated) is { } known) return known;
        }
        return null;
    }

    /// <summary>What one comparison with a constant says of another of the same value.</summary>
    private static bool? Implied(Term condition, Term literal, bool negated)
    {
        if (condition.Kind != TermKind.Binary || literal.Kind != TermKind.Binary) return null;
        Term x = condition.Arguments[0];
        if (!ReferenceEquals(x, literal.Arguments[0]) || !condition.Arguments[1].IsConst || !literal.Arguments[1].IsConst) return null;
        BigInteger c = condition.Arguments[1].Value;
        BigInteger k = literal.Arguments[1].Value;
        var op = (IrBinary)condition.Op;
        switch ((IrBinary)literal.Op)
        {
            case IrBinary.Eq when !negated: return op switch { IrBinary.Eq => c == k, IrBinary.ULt => k < c, _ => null };
            case IrBinary.ULt when !negated: return op switch { IrBinary.Eq when c >= k => false, IrBinary.ULt when c >= k => true, _ => null };
            case IrBinary.ULt when negated: return op switch { IrBinary.Eq when c < k => false, IrBinary.ULt when c <= k => false, _ => null };
            default: return null;
        }
    }

    /// <summary>The longest chain both extend.</summary>
    public static Path? Common(Path? a, Path? b)
    {
        while (!ReferenceEquals(a, b))
        {
            if ((a?.Depth ?? 0) >= (b?.Depth ?? 0)) a = a!.Parent;
            else b = b!.Parent;
        }
        return a;
    }

    /// <summary>The conjunction of the conditions added to <paramref name="from"/>.</summary>
    public static Term Since(Path? path, Path? from, TermFactory terms)
    {
        Term result = terms.True;
        for (Path? p = path; !ReferenceEquals(p, from); p = p!.Parent) result = terms.And(p!.Literal, result);
        return result;
    }

    /// <summary>The conditions added to <paramref name="from"/>, oldest first.</summary>
    public static IEnumerable<Term> Literals(Path? path, Path? from)
    {
        var list = new List<Term>();
        for (Path? p = path; !ReferenceEquals(p, from); p = p!.Parent) list.Add(p!.Literal);
        list.Reverse();
        return list;
    }
}
