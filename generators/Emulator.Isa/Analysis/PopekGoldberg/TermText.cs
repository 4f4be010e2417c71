using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Writes conditions of the derivation as a spec would.</summary>
internal static class TermText
{
    private const int MaxLength = 160;

    public static string Of(Term term)
    {
        string text = Write(term, 6);
        return text.Length > MaxLength ? text.Substring(0, MaxLength) + "..." : text;
    }

    private static string Write(Term t, int depth)
    {
        if (depth == 0) return "...";
        string Arg(int i) => Write(t.Arguments[i], depth - 1);
        switch (t.Kind)
        {
            case TermKind.Const: return t.Width == 1 ? (t.IsTrue ? "true" : "false") : t.Value < 10 ? t.Value.ToString() : "0x" + t.Value.ToString("X").TrimStart('0');
            case TermKind.Symbol: return t.Key switch { StateAtom a => a.Name, DecodeVariable v => v.Name, MemorySpec m => m.Name, _ => "insn" };
            case TermKind.Unary when t.Op == (int)IrUnary.Not: return Negated(t.Arguments[0], depth);
            case TermKind.Unary: return $"{((IrUnary)t.Op).ToString().ToLowerInvariant()}({Arg(0)})";
            case TermKind.Binary: return $"{Wrap(Arg(0))} {Operator((IrBinary)t.Op, t.Width)} {Wrap(Arg(1))}";
            case TermKind.Convert: return Arg(0);
            case TermKind.Slice: return $"{Wrap(Arg(0))}.[{(t.Width == 1 ? t.Op.ToString() : t.Op + t.Width - 1 + ":" + t.Op)}]";
            case TermKind.Ite: return $"({Arg(0)} ? {Arg(1)} : {Arg(2)})";
            case TermKind.Select: return $"{Arg(0)}[{Arg(1)}]";
            case TermKind.Load: return $"{((MemorySpec)t.Key!).Name}[{Arg(1)}]";
            case TermKind.Map or TermKind.Opaque: return $"{(t.Key as IrFunction)?.Name ?? (t.Key as DecodeVariable)?.Name ?? "f"}({string.Join(", ", t.Arguments.Take(4).Select(a => Write(a, depth - 1)))})";
            default: return "...";
        }
    }

    private static string Negated(Term x, int depth)
    {
        if (x.Kind == TermKind.Binary)
        {
            string left = Wrap(Write(x.Arguments[0], depth - 1));
            string right = Wrap(Write(x.Arguments[1], depth - 1));
            switch ((IrBinary)x.Op)
            {
                case IrBinary.Eq: return $"{left} != {right}";
                case IrBinary.ULt or IrBinary.SLt: return $"{left} >= {right}";
            }
        }
        return "!" + Wrap(Write(x, depth - 1));
    }

    private static string Wrap(string text) => text.IndexOf(' ') >= 0 && !text.StartsWith("(", StringComparison.Ordinal) ? "(" + text + ")" : text;

    private static string Operator(IrBinary op, int width) => op switch
    {
        IrBinary.Add => "+", IrBinary.Sub => "-", IrBinary.Mul => "*", IrBinary.UDiv or IrBinary.SDiv => "/", IrBinary.URem or IrBinary.SRem => "%",
        IrBinary.And => width == 1 ? "&&" : "&", IrBinary.Or => width == 1 ? "||" : "|", IrBinary.Xor => "^", IrBinary.Shl => "<<", IrBinary.LShr or IrBinary.AShr => ">>",
        IrBinary.Eq => "==", IrBinary.ULt or IrBinary.SLt => "<", IrBinary.Concat => "::", _ => op.ToString().ToLowerInvariant(),
    };
}
