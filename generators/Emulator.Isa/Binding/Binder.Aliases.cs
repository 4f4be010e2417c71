using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <content>Other texts of an instruction.</content>
public sealed partial class Binder
{
    private ImmutableArray<AliasModel> BindAliases(FormCase formCase, Decl.Instruction declaration, Scope scope)
    {
        if (declaration.Aliases.IsEmpty) return ImmutableArray<AliasModel>.Empty;
        var aliases = ImmutableArray.CreateBuilder<AliasModel>();
        var shown = FieldsOf(formCase.Text, formCase);
        InstructionAlias? always = null;
        foreach (var alias in declaration.Aliases)
        {
            var when = alias.When is null ? null : BindTyped(alias.When, scope, 1);
            if (when is not null && Folding.IsConst(when, out var known))
            {
                if (known.IsZero) continue;
                when = null;
            }
            if (always is not null && !alias.InputOnly)
                Report(EncodingDiagnostics.HiddenAlias, alias.Span, "this alias is never written: the one before it has no condition; say 'input' if the assembler alone is to know it", always.Span);
            if (when is null && !alias.InputOnly) always ??= alias;
            var text = BindText(alias.Text, scope, formCase.Operands);
            aliases.Add(new AliasModel(text, when, alias.InputOnly));

            var said = FieldsOf(text, formCase);
            if (when is not null) Fields(when, formCase, said);
            var open = shown.Where(f => !said.Contains(f)).Select(f => f.Name.Substring(formCase.Form.FormatName.Length + 1)).OrderBy(n => n, StringComparer.Ordinal).ToList();
            if (open.Count > 0)
            {
                Report(EncodingDiagnostics.OpenAlias, alias.Span,
                    $"the text of '{declaration.Name}' shows {string.Join(" and ", open.Select(n => $"'{n}'"))}, of which neither this alias nor its condition says anything");
            }
        }
        return aliases.ToImmutable();
    }

    /// <summary>The open fields of the form's format that a text depends on, through its operands too.</summary>
    private static HashSet<DecodeVariable> FieldsOf(TextNode text, FormCase formCase)
    {
        var fields = new HashSet<DecodeVariable>();
        Fields(text, formCase, fields);
        return fields;
    }

    private static void Fields(TextNode text, FormCase formCase, HashSet<DecodeVariable> fields)
    {
        switch (text)
        {
            case TextNode.Sequence s:
                foreach (var part in s.Parts) Fields(part, formCase, fields);
                break;
            case TextNode.Conditional c:
                Fields(c.Condition, formCase, fields);
                Fields(c.WhenTrue, formCase, fields);
                Fields(c.WhenFalse, formCase, fields);
                break;
            case TextNode.Element e:
                Fields(e.Index, formCase, fields);
                break;
            case TextNode.Number n:
                Fields(n.Value, formCase, fields);
                break;
            case TextNode.Register r:
                Field(r.Variable, formCase, fields);
                break;
            case TextNode.Operand o:
                foreach (var alternative in formCase.Operands[o.Position].Alternatives) Fields(alternative.Text, formCase, fields);
                break;
        }
    }

    private static void Fields(IrExpr expression, FormCase formCase, HashSet<DecodeVariable> fields)
    {
        foreach (var e in IrWalker.All(expression))
        {
            if (e is IrExpr.Decode decode) Field(decode.Variable, formCase, fields);
            if (e is IrExpr.HasRef has) Field(has.Variable, formCase, fields);
        }
    }

    /// <summary>A field that the form leaves open, or what an operand's variable is computed from.</summary>
    private static void Field(DecodeVariable variable, FormCase formCase, HashSet<DecodeVariable> fields)
    {
        var form = formCase.Form;
        if (form.FormatFields.Contains(variable))
        {
            if (variable.Pieces.Any(p => Enumerable.Range(p.Low, p.High - p.Low + 1).Any(bit => (form.Mask >> bit & 1) == 0))) fields.Add(variable);
            return;
        }
        foreach (var alternative in formCase.Operands.SelectMany(o => o.Alternatives).Where(a => a.Slot == variable && a.DecodeValue is not null))
            Fields(alternative.DecodeValue!, formCase, fields);
    }
}
