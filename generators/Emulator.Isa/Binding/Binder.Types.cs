using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    /// <summary>Width and sign of a type; width 0 when it is wrong, which is reported.</summary>
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
                return (0, false);
            default:
                Report(SemanticDiagnostics.WrongKind, type.Span, "a type of bits is needed here, such as u32, s8 or bool");
                return (0, false);
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
        if (TryConstant(e, scope) is not { } value) return 0;
        if (value >= 1 && value <= 128) return (int)value;
        Report(SemanticDiagnostics.WidthArguments, e.Span, $"a width is 1 to 128, not {value}");
        return 0;
    }

    /// <summary>A constant; 1 when it is none, which is reported.</summary>
    private BigInteger ConstantOf(Expr e, Scope scope) => TryConstant(e, scope) ?? BigInteger.One;

    /// <summary>A constant of a width; reported when it does not fit.</summary>
    private IrExpr ConstantOf(Expr e, int width, Scope scope) => TryConstant(e, scope) is { } value ? Typed(Value.Of(value), width, e.Span) : Value.Bad(width);

    /// <summary>A constant in a range; <paramref name="low"/> when it is none, which is reported.</summary>
    private int ConstantOf(Expr e, Scope scope, int low, int high, string what)
    {
        if (TryConstant(e, scope) is not { } value) return low;
        if (value >= low && value <= high) return (int)value;
        Report(SemanticDiagnostics.OutOfRange, e.Span, $"{what} is {low} to {high}, not {value}");
        return low;
    }

    /// <summary>A constant; null when it is none, which is reported.</summary>
    private BigInteger? TryConstant(Expr e, Scope scope)
    {
        if (e is Expr.Number n) return n.Value;
        var bound = Bind(e, scope, 0);
        if (bound.Constant is { } value) return value;
        if (!bound.IsError) Report(SemanticDiagnostics.NotConstant, e.Span, "a constant is needed here");
        return null;
    }

    /// <summary>The value at a given width; literals take it, anything else must have it.</summary>
    private IrExpr Typed(Value value, int width, SourceSpan span)
    {
        if (value.IsError) return Value.Bad(width);
        if (width == 0) return value.Expr ?? Value.Bad(0);
        if (value.Literal is { } literal)
        {
            if (literal >= BigInteger.One << width || literal < -(BigInteger.One << (width - 1)))
                Report(SemanticDiagnostics.LiteralTooLarge, span, $"{literal} does not fit {width} bits");
            return Folding.Const(literal, width);
        }
        if (value.Expr is null)
        {
            Report(SemanticDiagnostics.WrongKind, span, "one value is needed here, not a tuple or nothing");
            return Value.Bad(width);
        }
        if (value.Expr.Width != width)
        {
            Report(SemanticDiagnostics.WidthMismatch, span, $"{width} bits are needed here, this has {value.Expr.Width}; use zext<{width}>(...), sext<{width}>(...) or trunc<{width}>(...)");
            return Value.Bad(width);
        }
        return value.Expr;
    }

    /// <summary>The value at its own width; a literal without context is an error.</summary>
    private IrExpr OwnWidth(Value value, SourceSpan span)
    {
        if (value.Expr is not null) return value.Expr;
        Report(SemanticDiagnostics.NoWidth, span, value.IsLiteral ? "the width of this literal is not known; name a type or use it beside a typed value" : "one value is needed here");
        return Value.Bad(0);
    }

}
