using System.Globalization;
using System.Text;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>
/// Decode expressions, decode statements and assembly texts in the notation of the assembler's grammar: nested lists, as in <c>(eq modrm_mod 3:2)</c>. Equal texts mean
/// equal things, so they are also what the back end compares texts by.
/// </summary>
public static class DecodeText
{
    /// <summary>An expression over decode values. What cannot be written (a function that loops, state) is <c>(opaque width)</c>.</summary>
    public static string Of(IrExpr expression)
    {
        IrExpr? inlined = PureInliner.Inline(expression);
        if (inlined is null) return $"(opaque {CSharpNames.Int(expression.Width)})";
        var text = new StringBuilder();
        Write(text, inlined);
        return text.ToString();
    }

    /// <summary>An assembly text; <c>(op 0)</c> stands for the text of an operand.</summary>
    public static string Of(TextNode node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    /// <summary>Statements of decode code, as the items of a list.</summary>
    public static string Of(IrStmt.Block block)
    {
        var text = new StringBuilder();
        Write(text, block);
        return text.ToString();
    }

    /// <summary>A string in quotes; quotes and backslashes within are escaped.</summary>
    public static string Quote(string value) => "'" + value.Replace("\\", "\\\\").Replace("'", "\\'") + "'";

    private static void Write(StringBuilder text, IrStmt.Block block)
    {
        text.Append('(');
        foreach (IrStmt statement in block.Statements)
        {
            switch (statement)
            {
                case IrStmt.SetDecode set:
                    List(text, "set", set.Variable.Name, Of(set.Value));
                    break;
                case IrStmt.Set set:
                    List(text, "let", set.Variable.Name, Of(set.Value));
                    break;
                case IrStmt.If branch:
                    List(text, "if", Of(branch.Condition), Of(branch.Then), Of(branch.Else));
                    break;
                case IrStmt.Block inner:
                    text.Append(Of(inner));
                    break;
                case IrStmt.Reject:
                    text.Append("(reject)");
                    break;
                default:
                    text.Append("(opaque 1)");
                    break;
            }
        }
        text.Append(')');
    }

    private static void Write(StringBuilder text, IrExpr e)
    {
        switch (e)
        {
            case IrExpr.Const c:
                text.Append(c.Value < 10 ? c.Value.ToString(CultureInfo.InvariantCulture) : "0x" + CSharpNames.Hex(c.Value)).Append(':').Append(CSharpNames.Int(c.Width));
                break;
            case IrExpr.Decode d: text.Append(d.Variable.Name); break;
            case IrExpr.Local l: text.Append(l.Variable.Name); break;
            case IrExpr.HasRef r: List(text, "has", r.Variable.Name); break;
            case IrExpr.MakeRef { View: { } view, Index: { } index }: List(text, "ref", CSharpNames.Int(view.Id), Of(index)); break;
            case IrExpr.MakeRef: text.Append("none"); break;
            case IrExpr.Next n: List(text, "next", CSharpNames.Int(n.Width)); break;
            case IrExpr.Insn i: List(text, "insn", i.Property.ToString().ToLowerInvariant(), CSharpNames.Int(i.Width)); break;
            case IrExpr.Unary u: List(text, u.Operator.ToString().ToLowerInvariant(), Of(u.Operand)); break;
            case IrExpr.Binary b: List(text, b.Operator.ToString().ToLowerInvariant(), Of(b.Left), Of(b.Right)); break;
            case IrExpr.Convert c: List(text, c.Kind.ToString().ToLowerInvariant(), CSharpNames.Int(c.Width), Of(c.Operand)); break;
            case IrExpr.Slice s: List(text, "slice", CSharpNames.Int(s.Low), CSharpNames.Int(s.Width), Of(s.Operand)); break;
            case IrExpr.Bit b: List(text, "bit", Of(b.Operand), Of(b.Position)); break;
            case IrExpr.Select s: List(text, "if", Of(s.Condition), Of(s.WhenTrue), Of(s.WhenFalse)); break;
            case IrExpr.Table t: List(text, "table", t.Data.Name, Of(t.Index)); break;
            default: List(text, "opaque", CSharpNames.Int(e.Width)); break;
        }
    }

    private static void Write(StringBuilder text, TextNode node)
    {
        switch (node)
        {
            case TextNode.Literal { Optional: true, Value.Length: > 0 } l: List(text, "optional", Quote(l.Value)); break;
            case TextNode.Literal l: text.Append(Quote(l.Value)); break;
            case TextNode.Sequence s: List(text, "seq", s.Parts.Select(Of).ToArray()); break;
            case TextNode.Conditional c: List(text, "if", Of(c.Condition), Of(c.WhenTrue), Of(c.WhenFalse)); break;
            case TextNode.Element e: List(text, "names", e.Table.Name, Of(e.Index)); break;
            case TextNode.Number n: List(text, n.Format switch { "d" => IsSigned(n.Value) ? "sdec" : "dec", "+x" => "shex", _ => "hex" }, Of(n.Value)); break;
            case TextNode.Register r: List(text, "reg", r.Variable.Name); break;
            case TextNode.Operand o: List(text, "op", CSharpNames.Int(o.Position)); break;
            default: throw new InvalidOperationException($"text {node.GetType().Name}");
        }
    }

    /// <summary>Whether a number is written with a sign in decimal: its variable is declared signed.</summary>
    public static bool IsSigned(IrExpr value) => value is IrExpr.Decode { Variable.Signed: true };

    private static void List(StringBuilder text, string head, params string[] items)
    {
        text.Append('(').Append(head);
        foreach (string item in items) text.Append(' ').Append(item);
        text.Append(')');
    }
}
