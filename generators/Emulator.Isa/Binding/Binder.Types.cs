using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    /// <summary>Width and sign of a type.</summary>
    private (int Width, bool Signed) BitsOf(TypeSyntax type, Scope scope)
    {
        switch (type)
        {
            case TypeSyntax.Bits b:
                var width = WidthOf(b.Width, scope);
                return (width, b.Signed);
            case TypeSyntax.Ref r:
                return (WidthOf(r.Width, scope), false);
            case TypeSyntax.Named n when enumWidths.TryGetValue(n.Name, out var w):
                return (w, false);
            case TypeSyntax.Named n:
                Report(SemanticDiagnostics.UnknownName, n.Span, $"the type '{n.Name}' is not declared{DidYouMean(n.Name, enumWidths.Keys)}");
                return (32, false);
            default:
                Report(SemanticDiagnostics.WrongKind, type.Span, "a type of bits is needed here, such as u32, s8 or bool");
                return (32, false);
        }
    }

    private ImmutableArray<(string Name, int Width)> ResultsOf(TypeSyntax? type, Scope scope) => type switch
    {
        null => ImmutableArray<(string, int)>.Empty,
        TypeSyntax.Tuple t => t.Items.Select(i => (i.Name, BitsOf(i.Type, scope).Width)).ToImmutableArray(),
        _ => ImmutableArray.Create(("", BitsOf(type, scope).Width)),
    };

    private int WidthOf(Expr e, Scope scope)
    {
        var value = ConstantOf(e, scope);
        if (value >= 1 && value <= 128) return (int)value;
        Report(SemanticDiagnostics.WidthArguments, e.Span, $"a width is 1 to 128, not {value}");
        return 32;
    }

    private BigInteger ConstantOf(Expr e, Scope scope)
    {
        if (e is Expr.Number n) return n.Value;
        if (Bind(e, scope, 0).Constant is { } value) return value;
        if (e is not Expr.Missing) Report(SemanticDiagnostics.NotConstant, e.Span, "a constant is needed here");
        return BigInteger.One;
    }

    /// <summary>The value at a given width; literals take it, anything else must have it.</summary>
    private IrExpr Typed(Value value, int width, SourceSpan span)
    {
        if (value.Literal is { } literal)
        {
            if (literal >= BigInteger.One << width || literal < -(BigInteger.One << (width - 1)))
                Report(SemanticDiagnostics.LiteralTooLarge, span, $"{literal} does not fit {width} bits");
            return Folding.Const(literal, width);
        }
        if (value.Expr is null)
        {
            Report(SemanticDiagnostics.WrongKind, span, "one value is needed here, not a tuple or nothing");
            return Folding.Const(0, width);
        }
        if (value.Expr.Width != width)
        {
            Report(SemanticDiagnostics.WidthMismatch, span, $"{width} bits are needed here, this has {value.Expr.Width}; use zext<{width}>(...), sext<{width}>(...) or trunc<{width}>(...)");
            return Folding.Const(0, width);
        }
        return value.Expr;
    }

    /// <summary>The value at its own width; a literal without context is an error.</summary>
    private IrExpr OwnWidth(Value value, SourceSpan span)
    {
        if (value.Expr is not null) return value.Expr;
        Report(SemanticDiagnostics.NoWidth, span, value.IsLiteral ? "the width of this literal is not known; name a type or use it beside a typed value" : "one value is needed here");
        return Folding.Const(value.Literal ?? 0, 32);
    }

}
