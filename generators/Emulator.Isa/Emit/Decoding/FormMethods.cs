using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>
/// One method per form: it checks what the dispatch has not, decodes the operands and records what was found. It returns the length, <c>None</c> where the
/// form does not match, <c>More</c> where that is not certain yet.
/// </summary>
internal sealed class FormMethods(DecodeShape shape, FunctionPool functions, OperandMethods operands)
{
    /// <summary>What the method being emitted has checked.</summary>
    private readonly HashSet<IrExpr> required = new();

    public static string Name(FormModel form) => "Form" + Int(form.Index);

    /// <param name="form">The form.</param>
    /// <param name="restore">Whether other forms are tried after it, so that nothing may remain of an attempt.</param>
    /// <param name="left">Fields that other forms may have filled before.</param>
    public CodeWriter Emit(FormModel form, bool restore, IEnumerable<DecodeVariable> left)
    {
        required.Clear();
        var writer = new CodeWriter();
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, functions, false), "return at;");
        writer.Summary($"{form.Instruction.Name}: {form.Text}");
        writer.Open($"private static int {Name(form)}({shape.Parameters})");
        foreach (DecodeVariable field in left.OrderBy(f => f.Name, StringComparer.Ordinal)) writer.Line($"i->{Member(field.Name)} = default;");
        if (shape.Model.Decode.Words) Fields(writer, form);
        else Match(code, form);
        Cases(code, form, restore);
        writer.Close();
        return writer;
    }

    private void Match(DecodeStatements code, FormModel form)
    {
        CodeWriter writer = code.Writer;
        uint prefixes = 0;
        foreach (byte prefix in shape.Required(form)) prefixes |= 1u << shape.RequiredPrefixes[prefix];
        if (prefixes != 0) writer.Line($"if ((i->Seen & {Int((int)prefixes)}u) != {Int((int)prefixes)}u) return None;");
        if (form.Plus is { } plus)
        {
            string low = $"bytes[at - 1] & {Number(IrMath.Mask(plus.Width), 32)}";
            writer.Line($"i->{Member(plus.Name)} = {(plus.Width == 1 ? $"({low}) != 0" : low)};");
        }
        var conditions = Conjuncts(form.When).ToList();
        // What does not need the slash field comes first: it can be told without its byte.
        Require(code, conditions.Where(c => !NeedsSlash(c)));
        if (form.Slash is { } digit)
        {
            DecodeVariable field = shape.Model.Decode.SlashField!;
            code.Store(field, new IrExpr.Next(field.Width));
            if (digit >= 0) Require(code, new[] { Equal(field.SlashPart!, digit) });
        }
        Require(code, conditions.Where(NeedsSlash));
    }

    private static IrExpr Equal(DecodeVariable part, int digit) =>
        new IrExpr.Binary(IrBinary.Eq, new IrExpr.Decode(part), new IrExpr.Const(digit, part.Width), 1);

    private bool NeedsSlash(IrExpr condition) =>
        IrTree.Any(condition, e => e is IrExpr.Decode d && (d.Variable == shape.Model.Decode.SlashField || (d.Variable.Field is { } f && f == shape.Model.Decode.SlashField)));

    private void Require(DecodeStatements code, IEnumerable<IrExpr> conditions)
    {
        foreach (IrExpr condition in conditions.Select(IrSimplifier.Simplify))
        {
            if (condition is IrExpr.Const { Value.IsOne: true } || !required.Add(condition)) continue;
            code.Writer.Line($"if ({code.Expressions.Not(condition)}) return None;");
        }
    }

    private static IEnumerable<IrExpr> Conjuncts(IrExpr? condition) => condition switch
    {
        null => Array.Empty<IrExpr>(),
        IrExpr.Binary { Operator: IrBinary.And } b => Conjuncts(b.Left).Concat(Conjuncts(b.Right)),
        _ => new[] { condition },
    };

    private void Fields(CodeWriter writer, FormModel form)
    {
        writer.Line("ulong word = i->Bits;");
        foreach (DecodeVariable field in form.FormatFields)
        {
            var pieces = new List<string>();
            int container = Container(field.Width), above = field.Width;
            foreach ((int high, int low) in field.Pieces)
            {
                int width = high - low + 1;
                above -= width;
                string piece = low == 0 ? "word" : $"word >> {Int(low)}";
                if (low + width < form.WordBits || form.WordBits < 64) piece = $"{Wrap(piece)} & {Number(IrMath.Mask(width), 64)}";
                if (above > 0) piece = $"({piece}) << {Int(above)}";
                pieces.Add(piece);
            }
            string value = pieces.Count == 1 ? pieces[0] : string.Join(" | ", pieces.Select(Wrap));
            value = field.Width == 1 ? $"({value}) != 0" : container == 64 ? value : container == 32 ? $"(uint)({value})" : $"(UInt128)({value})";
            writer.Line($"i->{Member(field.Name)} = {value};");
        }
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, functions, false), "return at;");
        Require(code, Conjuncts(form.When));
    }

    private void Cases(DecodeStatements code, FormModel form, bool restore)
    {
        var groups = Groups(form);
        bool save = restore && groups.Any(g => g.Any(c => c.Operands.Any(o => OperandMethods.MayFail(o) && operands.FitsBefore(o) is null)));
        if (save) code.Writer.Line($"{shape.P}Instruction saved = *i;").Line($"at = {Name(form)}Operands({shape.Arguments});").Line("if (at == None) *i = saved;").Line("return at;")
            .Close().Line().Open($"private static int {Name(form)}Operands({shape.Parameters})");
        var deciding = Deciding(form, groups);
        for (int g = 0; g < groups.Count; g++)
        {
            bool last = g == groups.Count - 1;
            if (!last) code.Writer.Open($"if ({string.Join(" || ", Tests(code.Expressions, form, groups[g], deciding))})");
            var before = new HashSet<IrExpr>(required);
            Group(code, form, groups[g], CaseIndex(code.Expressions, form, groups[g]));
            required.IntersectWith(before);
            if (!last) code.Writer.Close();
        }
    }

    private void Group(DecodeStatements code, FormModel form, List<FormCase> cases, string index)
    {
        FormCase first = cases[0];
        HashSet<string> shared = OperandMethods.Shared(first.Operands);
        if (shared.Count > 0) code.Writer.Line("i->Ran = 0;");
        var known = new HashSet<OperandModel>();
        foreach (OperandModel operand in first.Operands.Where(OperandMethods.MayFail))
        {
            if (operands.FitsBefore(operand) is not { } fits) continue;
            known.Add(operand);
            Require(code, Conjuncts(fits));
        }
        // Only now: a form that does not match must leave nothing to the next.
        foreach (DecodeVariable attribute in form.Attributes) code.Writer.Line($"i->{Member(attribute.Name)} = true;");
        for (int k = 0; k < first.Operands.Length; k++) operands.Emit(code, first.Operands[k], k, shared, known.Contains(first.Operands[k]));
        for (int k = 0; k < first.Operands.Length; k++) operands.EmitLate(code, first.Operands[k], k);
        code.Writer.Line($"return Finish(i, at, pc, {Int(form.Index)}, {index}, {Variant(form, cases, index)});");
    }

    /// <summary>The number of the variant: that of the first of its case, plus the alternatives chosen, first operand outermost.</summary>
    private static string Variant(FormModel form, List<FormCase> cases, string index)
    {
        int stride = cases[0].Variants.Count;
        var text = new List<string>();
        int start = cases[0].Variants[0].Index, number = form.Cases.IndexOf(cases[0]);
        int step = cases.Count > 1 ? Step(form, cases) : 0;
        if (cases.Count == 1) text.Add(Int(start));
        else if (step >= 0) text.Add(step == 0 ? Int(start) : $"{Int(start - number * step)} + {Wrap(index)}{(step == 1 ? "" : " * " + Int(step))}");
        else text.Add($"{index} switch {{ {string.Join(", ", cases.Select(c => $"{Int(form.Cases.IndexOf(c))} => {Int(c.Variants[0].Index)}"))}, _ => 0 }}");
        for (int k = 0; k < cases[0].Operands.Length; k++)
        {
            int alternatives = cases[0].Operands[k].Alternatives.Length;
            stride /= alternatives;
            if (alternatives > 1) text.Add(stride == 1 ? $"i->Alternative{Int(k)}" : $"i->Alternative{Int(k)} * {Int(stride)}");
        }
        return string.Join(" + ", text.Select((t, k) => k == 0 && t.Contains(" switch ") ? $"({t})" : t));
    }

    /// <summary>Variants from one case to the next, if that is always the same; else -1.</summary>
    private static int Step(FormModel form, List<FormCase> cases)
    {
        int Number(FormCase c) => form.Cases.IndexOf(c);
        int step = (cases[1].Variants[0].Index - cases[0].Variants[0].Index) / (Number(cases[1]) - Number(cases[0]));
        return cases.TrueForAll(c => c.Variants[0].Index == cases[0].Variants[0].Index + step * (Number(c) - Number(cases[0]))) ? step : -1;
    }

    /// <summary>Cases whose operands are decoded in the same way.</summary>
    private List<List<FormCase>> Groups(FormModel form) => form.Cases.Count == 1 ? new List<List<FormCase>> { form.Cases }
        : form.Cases.GroupBy(Signature, StringComparer.Ordinal).Select(g => g.ToList()).ToList();

    private string Signature(FormCase formCase)
    {
        var writer = new CodeWriter();
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, functions, false), "return at;");
        HashSet<string> shared = OperandMethods.Shared(formCase.Operands);
        for (int k = 0; k < formCase.Operands.Length; k++)
        {
            if (OperandMethods.MayFail(formCase.Operands[k]) && operands.FitsBefore(formCase.Operands[k]) is { } fits) writer.Line(code.Expressions.Emit(fits));
            operands.Emit(code, formCase.Operands[k], k, shared, false);
            operands.EmitLate(code, formCase.Operands[k], k);
        }
        return writer.ToString();
    }

    /// <summary>Positions of the axes that tell the groups apart.</summary>
    private static List<int> Deciding(FormModel form, List<List<FormCase>> groups)
    {
        var axes = Enumerable.Range(0, form.Axes.Length).ToList();
        if (groups.Count == 1) return new List<int>();
        var group = new Dictionary<FormCase, int>();
        for (int g = 0; g < groups.Count; g++)
        {
            foreach (FormCase c in groups[g]) group.Add(c, g);
        }
        foreach (int axis in axes.ToArray())
        {
            var rest = axes.Where(a => a != axis).ToList();
            if (form.Cases.GroupBy(c => string.Join(",", rest.Select(a => c.AxisValues[a]))).All(cs => cs.Select(c => group[c]).Distinct().Count() == 1)) axes.Remove(axis);
        }
        return axes;
    }

    private static IEnumerable<string> Tests(DecodeExpressions expressions, FormModel form, List<FormCase> cases, List<int> deciding) =>
        cases.Select(c => string.Join(" && ", deciding.Select(a => expressions.Emit(IrSimplifier.Simplify(
            new IrExpr.Binary(IrBinary.Eq, new IrExpr.Decode(form.Axes[a]), new IrExpr.Const(c.AxisValues[a], form.Axes[a].Width), 1)))))).Distinct();

    /// <summary>The position of the case among those of the form, when it is one of a group: from the values of the axes that differ within the group.</summary>
    private static string CaseIndex(DecodeExpressions expressions, FormModel form, List<FormCase> cases)
    {
        var parts = new List<string>();
        int stride = form.Cases.Count, known = 0;
        for (int k = 0; k < form.Axes.Length; k++)
        {
            DecodeVariable axis = form.Axes[k];
            stride /= axis.AxisValues.Length;
            if (cases.TrueForAll(c => c.AxisValues[k] == cases[0].AxisValues[k])) known += stride * axis.AxisValues.IndexOf(cases[0].AxisValues[k]);
            else parts.Add(stride == 1 ? Digit(expressions, axis) : $"{Digit(expressions, axis)} * {Int(stride)}");
        }
        if (known > 0 || parts.Count == 0) parts.Add(Int(known));
        return string.Join(" + ", parts);
    }

    private static string Digit(DecodeExpressions expressions, DecodeVariable axis)
    {
        var variable = new IrExpr.Decode(axis);
        if (axis.AxisValues.Select((v, k) => v == k).All(same => same)) return axis.Width == 1 ? $"({expressions.Emit(variable)} ? 1 : 0)" : $"(int){expressions.Emit(variable)}";
        string text = Int(axis.AxisValues.Length - 1);
        for (int k = axis.AxisValues.Length - 2; k >= 0; k--) text = $"({expressions.Emit(variable)} == {Literal(axis.AxisValues[k], axis.Width)} ? {Int(k)} : {text})";
        return text;
    }
}
