using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private int textDepth;

    /// <summary>Binds assembly text.</summary>
    /// <param name="operands">Operands of the form by name, for the text of a form.</param>
    private TextNode BindText(AsmText text, Scope s, ImmutableArray<OperandModel> operands)
    {
        if (textDepth > 40)
        {
            Report(SemanticDiagnostics.WrongKind, text.Span, "texts refer to each other without end");
            return new TextNode.Literal("");
        }
        textDepth++;
        try
        {
            switch (text)
            {
                case AsmText.Template t:
                    return new TextNode.Sequence(t.Parts.Select(p => p.Name is null ? new TextNode.Literal(p.Literal) : BindPlaceholder(p, t.Span, s, operands)).ToImmutableArray());
                case AsmText.Conditional c:
                    var condition = BindTyped(c.Condition, s, 1);
                    if (Folding.IsConst(condition, out var known)) return BindText(known.IsZero ? c.WhenFalse : c.WhenTrue, s, operands);
                    return new TextNode.Conditional(condition, BindText(c.WhenTrue, s, operands), BindText(c.WhenFalse, s, operands));
                case AsmText.Element e:
                    if (tables.TryGetValue(e.Table, out var table) && table.Width == 0)
                    {
                        var index = IndexOf(e.Index, s);
                        if (Folding.IsConst(index, out var i)) return new TextNode.Literal(i < table.Strings.Length ? table.Strings[(int)i] : "");
                        return new TextNode.Element(table, index);
                    }
                    Report(SemanticDiagnostics.UnknownName, e.Span, $"'{e.Table}' is not a table of texts{DidYouMean(e.Table, tables.Keys)}");
                    break;
                case AsmText.Reference r:
                    return BindPlaceholder(new AsmText.TemplatePart("", r.Name, r.Widths, ""), r.Span, s, operands);
            }
            return new TextNode.Literal("");
        }
        finally
        {
            textDepth--;
        }
    }

    private static TextNode Optional(TextNode text) => text switch
    {
        TextNode.Literal l => l with { Optional = true },
        TextNode.Sequence s => new TextNode.Sequence(s.Parts.Select(Optional).ToImmutableArray()),
        TextNode.Conditional c => new TextNode.Conditional(c.Condition, Optional(c.WhenTrue), Optional(c.WhenFalse)),
        _ => text,
    };

    private TextNode BindPlaceholder(AsmText.TemplatePart part, SourceSpan span, Scope s, ImmutableArray<OperandModel> operands)
    {
        var name = part.Name!;
        for (var i = 0; i < operands.Length; i++)
            if (operands[i].Name == name) return new TextNode.Operand(i);
        if (texts.TryGetValue(name, out var text))
        {
            if (part.Widths.Length != text.Widths.Length)
            {
                Report(SemanticDiagnostics.WidthArguments, span, $"the text '{name}' takes {Count(text.Widths.Length, "width argument")}");
                return new TextNode.Literal("");
            }
            var inner = new Scope { Decoding = true, DecodeVisible = true, Form = s.Form };
            foreach (var axis in s.Axes) inner.Axes[axis.Key] = axis.Value;
            for (var i = 0; i < text.Widths.Length; i++) inner.Widths[text.Widths[i]] = WidthOf(part.Widths[i], s);
            var content = BindText(text.Content, inner, operands);
            return text.Optional ? Optional(content) : content;
        }
        var format = part.Format.Length == 0 ? "x" : part.Format;
        if (format is not ("x" or "d" or "+x")) Report(SemanticDiagnostics.WrongKind, span, $"'{format}' is not a number format; formats are x, d and +x");
        if (s.Widths.TryGetValue(name, out var width)) return new TextNode.Number(Folding.Const(width, 8), format);
        if (FindDecode(name, s) is { } variable)
            return variable.IsRef ? new TextNode.Register(variable) : new TextNode.Number(new IrExpr.Decode(variable), format);
        var dot = name.IndexOf('.');
        if (dot > 0 && decodeVariables.TryGetValue(name, out var fieldPart)) return new TextNode.Number(new IrExpr.Decode(fieldPart), format);
        if (broken.Contains(name)) return new TextNode.Literal("");
        Report(SemanticDiagnostics.UnknownName, span, $"'{name}' is no operand, text or decode value{DidYouMean(name, texts.Keys.Concat(decodeVariables.Keys).Concat(operands.Select(o => o.Name)))}");
        return new TextNode.Literal("");
    }
}
