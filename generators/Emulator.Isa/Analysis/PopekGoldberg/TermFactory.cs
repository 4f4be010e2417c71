using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Makes terms: shares equal ones and simplifies what would otherwise hide that two values are equal, or that one does not depend on a resource.</summary>
internal sealed partial class TermFactory
{
    private static readonly Term[] NoArguments = Array.Empty<Term>();
    private readonly Dictionary<Term, Term> shared = new(TermComparer.Instance);

    public TermFactory()
    {
        True = Const(BigInteger.One, 1);
        False = Const(BigInteger.Zero, 1);
    }

    public Term True { get; }

    public Term False { get; }

    /// <summary>Number of distinct terms so far.</summary>
    public int Count => shared.Count;

    public Term Const(BigInteger value, int width)
    {
        Term term = Share(new Term(TermKind.Const, 0, width, null, value, NoArguments));
        if (width <= 64) term.Possible = (ulong)value;
        return term;
    }

    /// <summary>An unknown input; <paramref name="roles"/> says which resources it is part of.</summary>
    public Term Symbol(object key, int width, ResourceRoles roles, int part = 0)
    {
        Term term = Share(new Term(TermKind.Symbol, part, width, key, default, NoArguments));
        term.Taint = roles;
        if (width is > 0 and < 64) term.Possible = (1UL << width) - 1;
        return term;
    }

    /// <summary>Result <paramref name="index"/> of an unknown but fixed function of the arguments.</summary>
    public Term Opaque(object key, int index, int width, Term[] arguments, ResourceRoles more = ResourceRoles.None)
    {
        Term term = Make(TermKind.Opaque, index, width, key, arguments);
        term.Taint |= more;
        return term;
    }

    /// <summary>Result of the relocation map for the arguments.</summary>
    public Term Map(object key, int index, int width, Term[] arguments)
    {
        Term term = Make(TermKind.Map, index, width, key, arguments);
        term.Taint |= ResourceRoles.Mapped;
        return term;
    }

    public Term Select(Term array, Term index, int width, ResourceRoles roles)
    {
        while (array.Kind == TermKind.StoreElement)
        {
            if (ReferenceEquals(array.Arguments[1], index)) return array.Arguments[2];
            if (!array.Arguments[1].IsConst || !index.IsConst) break;
            array = array.Arguments[0];
        }
        Term term = Make(TermKind.Select, 0, width, null, array, index);
        term.Taint |= roles;
        if (width < 64) term.Possible = (1UL << width) - 1;
        return term;
    }

    public Term StoreElement(Term array, Term index, Term value)
    {
        if (value.Kind == TermKind.Select && ReferenceEquals(value.Arguments[0], array) && ReferenceEquals(value.Arguments[1], index)) return array;
        if (array.Kind == TermKind.StoreElement && ReferenceEquals(array.Arguments[1], index)) return StoreElement(array.Arguments[0], index, value);
        // Writes to different known elements in a fixed order, so that the order they were made in does not matter.
        if (array.Kind == TermKind.StoreElement && array.Arguments[1].IsConst && index.IsConst && array.Arguments[1].Value > index.Value)
            return Make(TermKind.StoreElement, 0, 0, null, StoreElement(array.Arguments[0], index, value), array.Arguments[1], array.Arguments[2]);
        return Make(TermKind.StoreElement, 0, 0, null, array, index, value);
    }

    public Term Load(MemorySpec memory, Term contents, Term address, int width, ResourceRoles more)
    {
        if (contents.Kind == TermKind.StoreMemory && ReferenceEquals(contents.Arguments[1], address) && contents.Arguments[2].Width == width) return contents.Arguments[2];
        Term term = Share(new Term(TermKind.Load, 0, width, memory, default, new[] { contents, address }));
        term.Taint = contents.Taint | (address.Taint & ~ResourceRoles.Mapped) | more;
        return term;
    }

    public Term StoreMemory(MemorySpec memory, Term contents, Term address, Term value, ResourceRoles more)
    {
        Term term = Share(new Term(TermKind.StoreMemory, value.Width, 0, memory, default, new[] { contents, address, value }));
        term.Taint = contents.Taint | (address.Taint & ~ResourceRoles.Mapped) | value.Taint | more;
        return term;
    }

    public Term Not(Term x)
    {
        if (x.IsConst) return x.IsTrue ? False : True;
        if (x.Kind == TermKind.Unary && x.Op == (int)IrUnary.Not) return x.Arguments[0];
        return Make(TermKind.Unary, (int)IrUnary.Not, 1, null, x);
    }

    public Term And(Term x, Term y) => Binary(IrBinary.And, x, y, 1);

    public Term Or(Term x, Term y) => Binary(IrBinary.Or, x, y, 1);

    public Term Unary(IrUnary op, Term x, int width)
    {
        if (x.IsConst) return Const(IrMath.Unary(op, x.Value, x.Width), width);
        if (op == IrUnary.Not && width == 1) return Not(x);
        if (op == IrUnary.Not && x.Kind == TermKind.Unary && x.Op == (int)op) return x.Arguments[0];
        return Make(TermKind.Unary, (int)op, width, null, x);
    }

    public Term Convert(IrConversion kind, Term x, int width)
    {
        if (x.Width == width) return x;
        if (x.IsConst) return Const(IrMath.Convert(kind, x.Value, x.Width, width), width);
        if (kind == IrConversion.Trunc) return Slice(x, 0, width);
        if (kind == IrConversion.Zext && x.Kind == TermKind.Convert && x.Op == (int)IrConversion.Zext) x = x.Arguments[0];
        Term term = Make(TermKind.Convert, (int)kind, width, null, x);
        if (kind == IrConversion.Zext && x.Width < 64) term.Possible = x.Possible;
        return term;
    }

    public Term Slice(Term x, int low, int width)
    {
        if (low == 0 && width == x.Width) return x;
        if (x.IsConst) return Const(IrMath.Wrap(x.Value >> low, width), width);
        ulong mask = width >= 64 ? ulong.MaxValue : (1UL << width) - 1;
        if (x.Width <= 64 && ((x.Possible >> low) & mask) == 0) return Const(BigInteger.Zero, width);
        switch (x.Kind)
        {
            case TermKind.Slice: return Slice(x.Arguments[0], x.Op + low, width);
            case TermKind.Convert when low + width <= x.Arguments[0].Width: return Slice(x.Arguments[0], low, width);
            case TermKind.Binary when x.Op is (int)IrBinary.And or (int)IrBinary.Or or (int)IrBinary.Xor:
                return Binary((IrBinary)x.Op, Slice(x.Arguments[0], low, width), Slice(x.Arguments[1], low, width), width);
            case TermKind.Binary when x.Op == (int)IrBinary.Concat:
                int right = x.Arguments[1].Width;
                if (low >= right) return Slice(x.Arguments[0], low - right, width);
                if (low + width <= right) return Slice(x.Arguments[1], low, width);
                break;
            case TermKind.Binary when x.Op == (int)IrBinary.Shl && x.Arguments[1].IsConst && low >= x.Arguments[1].Value:
                return Slice(x.Arguments[0], low - (int)x.Arguments[1].Value, width);
            case TermKind.Ite: return Ite(x.Arguments[0], Slice(x.Arguments[1], low, width), Slice(x.Arguments[2], low, width));
        }
        Term term = Make(TermKind.Slice, low, width, null, x);
        if (x.Width <= 64) term.Possible = (x.Possible >> low) & mask;
        return term;
    }

    public Term Ite(Term condition, Term whenTrue, Term whenFalse)
    {
        if (ReferenceEquals(whenTrue, whenFalse)) return whenTrue;
        if (condition.IsConst) return condition.IsTrue ? whenTrue : whenFalse;
        if (condition.Kind == TermKind.Unary && condition.Op == (int)IrUnary.Not) return Ite(condition.Arguments[0], whenFalse, whenTrue);
        if (whenTrue.Kind == TermKind.Ite && ReferenceEquals(whenTrue.Arguments[0], condition)) return Ite(condition, whenTrue.Arguments[1], whenFalse);
        if (whenFalse.Kind == TermKind.Ite && ReferenceEquals(whenFalse.Arguments[0], condition)) return Ite(condition, whenTrue, whenFalse.Arguments[2]);
        if (whenTrue.Width == 1)
        {
            if (whenTrue.IsTrue) return Or(condition, whenFalse);
            if (whenTrue.IsFalse) return And(Not(condition), whenFalse);
            if (whenFalse.IsTrue) return Or(Not(condition), whenTrue);
            if (whenFalse.IsFalse) return And(condition, whenTrue);
        }
        Term term = Make(TermKind.Ite, 0, whenTrue.Width, null, condition, whenTrue, whenFalse);
        term.Possible = whenTrue.Possible | whenFalse.Possible;
        return term;
    }

    private Term Make(TermKind kind, int op, int width, object? key, params Term[] arguments)
    {
        Term term = Share(new Term(kind, op, width, key, default, arguments));
        foreach (Term argument in arguments) term.Taint |= argument.Taint;
        if (width is > 0 and < 64) term.Possible &= (1UL << width) - 1;
        return term;
    }

    private Term Share(Term term)
    {
        if (shared.TryGetValue(term, out Term? existing)) return existing;
        term.Id = shared.Count;
        shared.Add(term, term);
        return term;
    }
}
