using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

/// <summary>Syntax trees as short text: expressions in prefix form, everything else as <c>Kind(Property=value ...)</c> without what is empty.</summary>
internal static class Dump
{
    public static string Of(object? node) => node switch
    {
        null => "null",
        Expr expression => OfExpression(expression),
        TypeSyntax type => OfType(type),
        string text => text,
        bool flag => flag ? "true" : "false",
        byte value => value.ToString("X2"),
        TokenKind kind => Symbol(kind),
        ITuple tuple => string.Join(':', Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i]))),
        IEnumerable items => "[" + string.Join(", ", items.Cast<object>().Select(Of)) + "]",
        _ when node.GetType().Namespace == typeof(Expr).Namespace => OfRecord(node),
        _ => node.ToString()!,
    };

    private static string OfRecord(object node)
    {
        var parts = from property in node.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    where property.PropertyType != typeof(SourceSpan) && property.GetIndexParameters().Length == 0
                    // A key says nothing that its body does not.
                    where property.Name != nameof(Decl.Function.BodyKey)
                    let value = property.GetValue(node)
                    where !IsEmpty(value)
                    let shown = Of(value)
                    where shown != "StateAttributes()"
                    orderby property.Name == "Name" ? 0 : 1
                    select property.PropertyType == typeof(bool) ? property.Name : $"{property.Name}={shown}";
        return $"{node.GetType().Name}({string.Join(' ', parts)})";
    }

    private static bool IsEmpty(object? value) => value switch
    {
        null or false or "" => true,
        0 => false,
        ICollection { Count: 0 } => true,
        _ => false,
    };

    private static string Many(IEnumerable<Expr> expressions) => string.Join(", ", expressions.Select(OfExpression));

    private static string Widths(IReadOnlyCollection<Expr> widths) => widths.Count == 0 ? "" : $"<{Many(widths)}>";

    private static string OfExpression(Expr expression) => expression switch
    {
        Expr.Number e => e.Value.ToString(),
        Expr.Text e => $"\"{e.Value}\"",
        Expr.Name e => e.Id + Widths(e.Widths),
        Expr.Member e => $"{OfExpression(e.Target)}.{e.Id}{Widths(e.Widths)}",
        Expr.Index e => $"{OfExpression(e.Target)}[{Many(e.Arguments)}]",
        Expr.Call e => $"{OfExpression(e.Function)}({Many(e.Arguments)})",
        Expr.Slice e => $"{OfExpression(e.Target)}.[{OfExpression(e.High)}{(e.Low is null ? "" : ":" + OfExpression(e.Low))}]",
        Expr.Fields e => $"{OfExpression(e.Target)}.{{{string.Join(' ', e.Names)}}}",
        Expr.Unary e => $"({Symbol(e.Operator)} {OfExpression(e.Operand)})",
        Expr.Binary e => $"({Symbol(e.Operator)} {OfExpression(e.Left)} {OfExpression(e.Right)})",
        Expr.Conditional e => $"(? {OfExpression(e.Condition)} {OfExpression(e.WhenTrue)} {OfExpression(e.WhenFalse)})",
        Expr.Cast e => $"(as {OfExpression(e.Operand)} {OfType(e.Type)})",
        Expr.In e => $"(in {OfExpression(e.Operand)} {{{Many(e.Values)}}})",
        Expr.Match e => $"(match {OfExpression(e.Operand)} {string.Join("; ", e.Arms.Select(a => (a.Values.Length == 0 ? "_" : Many(a.Values)) + " => " + OfExpression(a.Result)))})",
        Expr.Tuple e => $"(tuple {Many(e.Items)})",
        _ => "missing",
    };

    private static string OfType(TypeSyntax type) => type switch
    {
        TypeSyntax.Bits { Width: Expr.Number width } t => $"{(t.Signed ? 's' : 'u')}{width.Value}",
        TypeSyntax.Bits t => $"{(t.Signed ? 's' : 'u')}<{OfExpression(t.Width)}>",
        TypeSyntax.Ref t => $"ref<{OfExpression(t.Width)}>",
        TypeSyntax.Array t => $"{(t.Element is null ? "string" : OfType(t.Element))}[{OfExpression(t.Count)}]",
        TypeSyntax.Tuple t => $"({string.Join(", ", t.Items.Select(i => $"{i.Name}: {OfType(i.Type)}"))})",
        TypeSyntax.Named t => t.Name,
        _ => OfRecord(type),
    };

    private static string Symbol(TokenKind kind) => kind switch
    {
        TokenKind.Plus => "+", TokenKind.Minus => "-", TokenKind.Star => "*", TokenKind.Slash => "/", TokenKind.Percent => "%",
        TokenKind.And => "&", TokenKind.Or => "|", TokenKind.Xor => "^", TokenKind.Not => "~", TokenKind.Bang => "!",
        TokenKind.Shl => "<<", TokenKind.Shr => ">>", TokenKind.Equal => "==", TokenKind.NotEqual => "!=", TokenKind.Less => "<",
        TokenKind.LessEqual => "<=", TokenKind.Greater => ">", TokenKind.GreaterEqual => ">=", TokenKind.AndAnd => "&&",
        TokenKind.OrOr => "||", TokenKind.Concat => "::", _ => kind.ToString(),
    };
}
