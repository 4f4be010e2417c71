using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private readonly Dictionary<(int, bool, int, bool), DecodeVariable> operandVariables = new();

    /// <summary>Operands of the current form that could not be bound; what uses them is not reported.</summary>
    private readonly HashSet<string> broken = new(StringComparer.Ordinal);

    private void BindInstructions()
    {
        var names = new Dictionary<string, Decl.Instruction>(StringComparer.Ordinal);
        foreach (var (declaration, chapter) in declarations)
        {
            if (declaration is not Decl.Instruction d) continue;
            cancellation.ThrowIfCancellationRequested();
            Declare(names, d.Name, d, d.NameSpan);
            asked = new(model.Functions.Count);
            var instruction = BindInstruction(d, chapter);
            bindings.OfInstructions[d.Name] = asked;
            bindings.Instructions[d.Name] = (d, chapter);
            bindings.CountMaps(asked);
            asked = null;
            if (instruction.Forms.Count > 0 || d.Forms.IsEmpty) model.Instructions.Add(instruction);
        }
    }

    private InstructionModel BindInstruction(Decl.Instruction d, string chapter)
    {
        var instruction = new InstructionModel(d.Name, d.NameSpan)
        {
            Mark = d.Mark, MarkSpan = d.MarkSpan, Reason = d.Reason, Chapter = chapter, Doc = d.Doc, Restartable = d.Restartable, Gates = d.Gates.Select(g => g.Text).ToImmutableArray(),
        };
        foreach (var syntax in d.Forms)
        {
            if (BindForm(syntax, instruction) is not { } form) continue;
            instruction.Forms.Add(form);
            model.Decode.Forms.Add(form);
            BindCases(form, syntax, d);
        }
        return instruction;
    }

    /// <summary>Binds an encoding; null where its condition never holds in this instance: then the form does not exist, and its body need not make sense.</summary>
    private FormModel? BindForm(Form syntax, InstructionModel instruction)
    {
        var form = new FormModel(instruction, model.Decode.Forms.Count, syntax.Span) { Text = syntax.Text, OperandsText = syntax.OperandsText, Over = syntax.Over, Bytes = syntax.Bytes, Slash = syntax.Slash };
        if (syntax.Format is not null)
        {
            BindWordForm(form, syntax);
        }
        else
        {
            if (model.Decode.Words || syntax.Bytes.IsEmpty) Report(SemanticDiagnostics.BadForm, syntax.Span, "this ISA decodes words: a form names a format, as in 'form I { op = 0x13 }'");
            if (syntax.Slash is not null && model.Decode.SlashField is null) Report(SemanticDiagnostics.BadForm, syntax.Span, "no field is declared 'slash'");
            if (syntax.Plus is not null)
            {
                if (decodeVariables.TryGetValue(syntax.Plus, out var plus) && plus.Kind == DecodeVariableKind.Plus && !syntax.Bytes.IsEmpty)
                {
                    form.Plus = plus;
                    if ((syntax.Bytes[syntax.Bytes.Length - 1] & ((1 << plus.Width) - 1)) != 0) Report(SemanticDiagnostics.BadFieldValue, syntax.Span, $"the low {plus.Width} bits of the opcode must be zero before '+{syntax.Plus}'");
                }
                else Report(SemanticDiagnostics.UnknownName, syntax.Span, $"'{syntax.Plus}' is not a field declared 'plus'");
            }
        }
        var attributes = ImmutableArray.CreateBuilder<DecodeVariable>();
        foreach (var name in syntax.Attributes)
            if (decodeVariables.TryGetValue(name, out var attribute) && attribute.Kind == DecodeVariableKind.Attribute) attributes.Add(attribute);
            else Report(SemanticDiagnostics.UnknownName, syntax.Span, $"'{name}' is not an attribute{DidYouMean(name, decodeVariables.Where(v => v.Value.Kind == DecodeVariableKind.Attribute).Select(v => v.Key))}");
        form.Attributes = attributes.ToImmutable();
        if (syntax.When is null) return form;
        var when = BindTyped(syntax.When, DecodeScope(form), 1);
        if (!Folding.IsConst(when, out var known)) form.When = when;
        else if (known.IsZero) return null;
        return form;
    }

    private void BindWordForm(FormModel form, Form syntax)
    {
        if (!model.Decode.Words || !formats.TryGetValue(syntax.Format!, out var format))
        {
            Report(SemanticDiagnostics.UnknownName, syntax.Span, $"the format '{syntax.Format}' is not declared{DidYouMean(syntax.Format!, formats.Keys)}");
            return;
        }
        form.WordBits = format.Item.Size;
        form.FormatName = format.Item.Name;
        form.FormatFields = format.Fields;
        if (form.WordBits > 64) return;
        foreach (var (name, expression) in syntax.Fields)
        {
            var field = format.Fields.FirstOrDefault(f => f.Name == format.Item.Name + "_" + name);
            if (field is null) { Report(SemanticDiagnostics.UnknownName, expression.Span, $"format '{format.Item.Name}' has no field '{name}'"); continue; }
            var value = ConstantOf(expression, new Scope());
            if (value < 0) value += BigInteger.One << field.Width;
            if (value < 0 || value >> field.Width != 0 || (value & Folding.Mask(field.ShiftLeft)) != 0) { Report(SemanticDiagnostics.BadFieldValue, expression.Span, $"{value} does not fit the {field.Width} bits of '{name}'"); continue; }
            var remaining = field.Width;
            foreach (var (high, low) in field.Pieces)
            {
                var width = high - low + 1;
                remaining -= width;
                form.Mask |= (ulong)(Folding.Mask(width) << low);
                form.Value |= (ulong)(((value >> remaining) & Folding.Mask(width)) << low);
            }
        }
    }

    /// <summary>Binds a form for every combination of the axes it turns out to depend on.</summary>
    private void BindCases(FormModel form, Form syntax, Decl.Instruction declaration)
    {
        var axes = new List<DecodeVariable>();
        while (true)
        {
            var variants = model.Variants.Count;
            try
            {
                foreach (var values in Combinations(axes)) form.Cases.Add(BindCase(form, syntax, declaration, axes, values));
                form.Axes = axes.ToImmutableArray();
                return;
            }
            catch (AxisNeeded needed)
            {
                form.Cases.Clear();
                model.Variants.RemoveRange(variants, model.Variants.Count - variants);
                siblings = default;
                axes.Add(needed.Axis);
                axes.Sort((a, b) => model.Decode.Variables.IndexOf(a).CompareTo(model.Decode.Variables.IndexOf(b)));
            }
        }
    }

    private static IEnumerable<ImmutableArray<BigInteger>> Combinations(List<DecodeVariable> axes)
    {
        IEnumerable<ImmutableArray<BigInteger>> result = new[] { ImmutableArray<BigInteger>.Empty };
        foreach (var axis in axes) result = result.SelectMany(r => axis.AxisValues.Select(v => r.Add(v)));
        return result.ToList();
    }

    private FormCase BindCase(FormModel form, Form syntax, Decl.Instruction declaration, List<DecodeVariable> axes, ImmutableArray<BigInteger> values)
    {
        var formCase = new FormCase(form, values);
        broken.Clear();
        Scope Prepare(Scope scope)
        {
            for (var i = 0; i < axes.Count; i++) scope.Axes[axes[i]] = values[i];
            return scope;
        }
        var operands = new List<(OperandModel Model, ImmutableArray<Expr> Syntax, Dictionary<string, int> Widths)>();
        for (var i = 0; i < syntax.Operands.Length; i++)
            if (BindOperand(syntax.Operands[i], i, form, Prepare) is { } operand) operands.Add(operand);
            else broken.Add(syntax.Operands[i].Name);
        formCase.Operands = operands.Select(o => o.Model).ToImmutableArray();
        var asm = syntax.Asm ?? declaration.Asm;
        var textScope = Prepare(DecodeScope(form));
        textScope.TextOperands = formCase.Operands;
        formCase.Text = asm is not null ? BindText(asm, textScope, formCase.Operands) : DefaultText(declaration.Name, formCase.Operands);
        formCase.Aliases = BindAliases(formCase, declaration, textScope);

        foreach (var choice in Choices(formCase.Operands))
        {
            var variant = new VariantModel(formCase, choice, model.Variants.Count);
            var scope = Prepare(new Scope { DecodeVisible = true, InBody = true, Form = form, Restartable = declaration.Restartable, Results = ImmutableArray<(string, int)>.Empty });
            for (var i = 0; i < operands.Count; i++)
            {
                var use = new OperandUse(operands[i].Model, operands[i].Model.Alternatives[choice[i]], operands[i].Syntax[choice[i]], operands[i].Widths);
                if (scope.Operands.ContainsKey(use.Model.Name)) Report(SemanticDiagnostics.DuplicateName, syntax.Operands[i].Span, $"the operand '{use.Model.Name}' is declared twice");
                scope.Operands[use.Model.Name] = use;
            }
            foreach (var name in broken) scope.Declare(name, new Scope.Symbol(null, Bad(), false));
            variant.Body = BindBody(declaration, scope, variant);
            formCase.Variants.Add(variant);
            model.Variants.Add(variant);
        }
        return formCase;
    }

    private IrFunction BindBody(Decl.Instruction declaration, Scope scope, VariantModel variant)
    {
        var span = declaration.Body?.Span ?? declaration.NameSpan;
        var function = new IrFunction($"{declaration.Name}_{variant.Index}", ImmutableArray<IrLocal>.Empty, ImmutableArray<(string, int)>.Empty, span);
        foreach (var gate in declaration.Gates) BindStatement(gate, scope);
        if (declaration.Body is not null)
        {
            var (reads, writes) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
            SyntaxWalker.Uses(declaration.Body, reads, writes);
            foreach (var operand in scope.Operands.Values)
                if (operand.Alternative.Class == OperandClass.Memory && reads.Contains(operand.Model.Name) && writes.Contains(operand.Model.Name)) BeginModify(operand, scope);
            BindBlock(declaration.Body, scope);
        }
        function.Body = BlockOf(scope.Output, span);
        return function;
    }

    private static IEnumerable<ImmutableArray<int>> Choices(ImmutableArray<OperandModel> operands)
    {
        IEnumerable<ImmutableArray<int>> result = new[] { ImmutableArray<int>.Empty };
        foreach (var operand in operands) result = result.SelectMany(r => Enumerable.Range(0, operand.Alternatives.Length).Select(a => r.Add(a)));
        return result.ToList();
    }

    private static TextNode DefaultText(string name, ImmutableArray<OperandModel> operands)
    {
        var parts = new List<TextNode> { new TextNode.Literal(name.ToLowerInvariant()) };
        for (var i = 0; i < operands.Length; i++)
        {
            parts.Add(new TextNode.Literal(i == 0 ? " " : ", "));
            parts.Add(new TextNode.Operand(i));
        }
        return new TextNode.Sequence(parts.ToImmutableArray());
    }

    private (OperandModel, ImmutableArray<Expr>, Dictionary<string, int>)? BindOperand(FormOperand syntax, int position, FormModel form, Func<Scope, Scope> prepare)
    {
        if (!productions.TryGetValue(syntax.Kind, out var production))
        {
            Report(SemanticDiagnostics.UnknownName, syntax.Span, $"the operand kind '{syntax.Kind}' is not declared{DidYouMean(syntax.Kind, productions.Keys)}");
            return null;
        }
        if (production.Widths.Length != syntax.Widths.Length)
        {
            Report(SemanticDiagnostics.WidthArguments, syntax.Span, $"'{syntax.Kind}' takes {Count(production.Widths.Length, "width argument")}, not {syntax.Widths.Length}", production.Span);
            return null;
        }
        var widths = new Dictionary<string, int>(StringComparer.Ordinal);
        var outer = prepare(new Scope { DecodeVisible = true, Form = form });
        for (var i = 0; i < syntax.Widths.Length; i++) widths[production.Widths[i]] = WidthOf(syntax.Widths[i], outer);
        if (widths.ContainsValue(0)) return null;
        var alternatives = ImmutableArray.CreateBuilder<AlternativeModel>();
        var expressions = ImmutableArray.CreateBuilder<Expr>();
        var width = 0;
        foreach (var alternative in production.Alternatives)
        {
            var scope = prepare(DecodeScope(form));
            foreach (var w in widths) scope.Widths[w.Key] = w.Value;
            if (alternative.After is not null && !model.Decode.Procedures.ContainsKey(alternative.After) && !DecodeItems.OfType<DecodeItem.Procedure>().Any(p => p.Name == alternative.After))
                Report(SemanticDiagnostics.UnknownName, alternative.Span, $"the decode procedure '{alternative.After}' is not declared");
            var when = alternative.When is null ? null : BindTyped(alternative.When, scope, 1);
            if (when is not null && Folding.IsConst(when, out var known))
            {
                if (known.IsZero) continue;
                when = null;
            }
            var bound = BindAlternative(alternative, when, position, scope, prepare, widths, form);
            if (width == 0) width = bound.Width;
            else if (bound.Width != width) Report(SemanticDiagnostics.WidthMismatch, alternative.Span, $"the alternatives of '{syntax.Kind}' have {width} and {bound.Width} bits");
            alternatives.Add(bound.Model);
            expressions.Add(alternative.Value);
        }
        if (alternatives.Count == 0)
        {
            Report(SemanticDiagnostics.BadOperand, syntax.Span, $"no alternative of '{syntax.Kind}' applies here");
            return null;
        }
        var kind = syntax.Kind + (widths.Count == 0 ? "" : "<" + string.Join(", ", widths.Values) + ">");
        return (new OperandModel(syntax.Name, kind, width, alternatives.ToImmutable()), expressions.ToImmutable(), widths);
    }

    private (AlternativeModel Model, int Width) BindAlternative(OperandAlternative a, IrExpr? when, int position, Scope scope, Func<Scope, Scope> prepare, Dictionary<string, int> widths, FormModel form)
    {
        TextNode? text = a.Text is null ? null : BindText(a.Text, scope, ImmutableArray<OperandModel>.Empty);
        if (a.Value is Expr.Name r && FindDecode(r.Id, scope) is { IsRef: true } reference)
            return (new AlternativeModel(a.After, when, OperandClass.Register, reference, null, text ?? new TextNode.Register(reference)), reference.Width);
        if (Register(a.Value, scope) is { } register)
        {
            var slot = OperandVariable(position, true, register.View.Width, false);
            return (new AlternativeModel(a.After, when, OperandClass.Register, slot, new IrExpr.MakeRef(register.View, register.Index, register.View.Width), text ?? new TextNode.Register(slot)), register.View.Width);
        }
        if (IsRuntime(a.Value))
        {
            var probe = prepare(new Scope { DecodeVisible = true, InBody = true, Form = form });
            foreach (var w in widths) probe.Widths[w.Key] = w.Value;
            var width = a.Value is Expr.Index { Target: Expr.Name { Widths.Length: 1 } n } ? WidthOf(n.Widths[0], probe) : OwnWidth(Bind(a.Value, probe, 0), a.Value.Span).Width;
            return (new AlternativeModel(a.After, when, OperandClass.Memory, null, null, text ?? new TextNode.Literal("?")), width);
        }
        var value = Bind(a.Value, scope, 0);
        var typed = value.IsLiteral ? Typed(value, widths.Values.DefaultIfEmpty(32).First(), a.Value.Span) : OwnWidth(value, a.Value.Span);
        var variable = OperandVariable(position, false, typed.Width, value.Signed);
        return (new AlternativeModel(a.After, when, OperandClass.Value, variable, typed, text ?? new TextNode.Number(new IrExpr.Decode(variable), "x")), typed.Width);
    }

    /// <summary>Whether an operand's expression needs the running machine: memory, state or a run-time value.</summary>
    private bool IsRuntime(Expr e) => SyntaxWalker.Names(e).Any(n => n is not "next" && (memories.ContainsKey(n) || spaces.ContainsKey(n) || decodeValues.ContainsKey(n) || states.ContainsKey(n) || model.Aliases.ContainsKey(n)));

    private DecodeVariable OperandVariable(int position, bool isRef, int width, bool signed)
    {
        var key = (position, isRef, width, signed);
        if (!operandVariables.TryGetValue(key, out var variable))
            operandVariables[key] = variable = new DecodeVariable($"{(isRef ? "ref" : signed ? "svalue" : "value")}{position}_{width}", DecodeVariableKind.Operand, width) { IsRef = isRef, Signed = signed };
        return variable;
    }
}
