using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

internal sealed partial class TermFactory
{
    /// <summary>A term with the conditions a path decides replaced by their values.</summary>
    public Term Under(Term term, Path? path, Dictionary<Term, Term> memo)
    {
        if (path is null || term.Arguments.Length == 0) return term.Width == 1 && Path.Decide(term, path) is { } atom ? (atom ? True : False) : term;
        if (memo.TryGetValue(term, out Term? known)) return known;
        Term result = term;
        if (term.Width == 1 && Path.Decide(term, path) is { } decided)
        {
            result = decided ? True : False;
        }
        else
        {
            var arguments = new Term[term.Arguments.Length];
            bool same = true;
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i] = Under(term.Arguments[i], path, memo);
                same &= ReferenceEquals(arguments[i], term.Arguments[i]);
            }
            if (!same) result = Rebuild(term, arguments);
        }
        memo[term] = result;
        return result;
    }

    private Term Rebuild(Term term, Term[] a)
    {
        switch (term.Kind)
        {
            case TermKind.Unary: return Unary((IrUnary)term.Op, a[0], term.Width);
            case TermKind.Binary: return Binary((IrBinary)term.Op, a[0], a[1], term.Width);
            case TermKind.Convert: return Convert((IrConversion)term.Op, a[0], term.Width);
            case TermKind.Slice: return Slice(a[0], term.Op, term.Width);
            case TermKind.Ite: return Ite(a[0], a[1], a[2]);
            case TermKind.StoreElement: return StoreElement(a[0], a[1], a[2]);
            case TermKind.Select: return Select(a[0], a[1], term.Width, OwnTaint(term));
            case TermKind.Load: return Load((MemorySpec)term.Key!, a[0], a[1], term.Width, OwnTaint(term));
            case TermKind.StoreMemory: return StoreMemory((MemorySpec)term.Key!, a[0], a[1], a[2], OwnTaint(term));
            case TermKind.Map: return Map(term.Key!, term.Op, term.Width, a);
            case TermKind.Opaque: return Opaque(term.Key!, term.Op, term.Width, a, OwnTaint(term));
            default: return term;
        }
    }

    /// <summary>Roles a term adds to those of its arguments.</summary>
    private static ResourceRoles OwnTaint(Term term)
    {
        ResourceRoles inherited = ResourceRoles.None;
        foreach (Term argument in term.Arguments) inherited |= argument.Taint;
        return term.Taint & ~inherited;
    }
}
