using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>Decoding of operands. One with several alternatives is a method of its own, shared by all forms that have it at the same position.</summary>
internal sealed class OperandMethods(DecodeShape shape, FunctionPool functions)
{
    private readonly Dictionary<string, string> methods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private readonly HashSet<DecodeVariable> written = new(shape.Model.Decode.Procedures.Values
        .SelectMany(p => IrWalker.Statements(p)).OfType<IrStmt.SetDecode>().Select(s => s.Variable));

    /// <summary>The methods emitted so far, in order.</summary>
    public List<CodeWriter> Methods { get; } = new();

    /// <summary>Procedures that more than one operand of a list asks for: each must find out whether another has run it.</summary>
    public static HashSet<string> Shared(IEnumerable<OperandModel> operands) => new(
        operands.SelectMany(o => o.Alternatives.Select(a => a.After).Where(a => a is not null).Distinct()).GroupBy(a => a!).Where(g => g.Count() > 1).Select(g => g.Key),
        StringComparer.Ordinal);

    /// <summary>Whether an operand may fit none of its alternatives.</summary>
    public static bool MayFail(OperandModel operand) => operand.Alternatives.All(a => a.When is not null);

    /// <summary>The condition under which an operand fits, when it is known before anything is decoded; else null.</summary>
    public IrExpr? FitsBefore(OperandModel operand)
    {
        IrExpr? any = null;
        foreach (AlternativeModel alternative in operand.Alternatives)
        {
            if (DependsOnProcedures(alternative.When!)) return null;
            any = any is null ? alternative.When! : new IrExpr.Binary(IrBinary.Or, any, alternative.When!, 1);
        }
        return IrSimplifier.Simplify(any!);
    }

    /// <summary>Emits the decoding of an operand at a place in a form.</summary>
    /// <param name="known">Whether it is known to fit.</param>
    public void Emit(DecodeStatements code, OperandModel operand, int position, HashSet<string> shared, bool known)
    {
        if (operand.Alternatives.Length == 1)
        {
            AlternativeModel alternative = operand.Alternatives[0];
            if (alternative.After is { } procedure) Run(code, procedure, shared);
            if (alternative.When is { } when && !known) code.Writer.Line($"if ({code.Expressions.Not(IrSimplifier.Simplify(when))}) return None;");
            Value(code, alternative, position);
            code.Writer.Line($"i->Alternative{Int(position)} = 0;");
            return;
        }
        code.Writer.Line($"at = {Method(operand, position, shared)}(i, bytes, limit, at, pc);");
        code.Writer.Line("if (at < 0) return at;");
    }

    /// <summary>Emits what can be computed only now that the length is known.</summary>
    public void EmitLate(DecodeStatements code, OperandModel operand, int position)
    {
        for (int k = 0; k < operand.Alternatives.Length; k++)
        {
            AlternativeModel alternative = operand.Alternatives[k];
            if (!IsLate(alternative)) continue;
            if (operand.Alternatives.Length > 1) code.Writer.Line($"if (i->Alternative{Int(position)} == {Int(k)})");
            // The bytes are taken already: only the expression is wanted.
            code.Store(alternative.Slot!, LateValue(alternative, position, new DecodeStatements(new CodeWriter(), code.Expressions, "")));
        }
    }

    private bool DependsOnProcedures(IrExpr when) =>
        IrTree.Any(when, e => e is IrExpr.Next || (Variable(e) is { } v && (written.Contains(v) || (v.Field is not null && written.Contains(v.Field)))));

    private static DecodeVariable? Variable(IrExpr e) => e switch
    {
        IrExpr.Decode d => d.Variable,
        IrExpr.HasRef r => r.Variable,
        _ => null,
    };

    private static bool IsLate(AlternativeModel alternative) =>
        alternative.DecodeValue is { } value && IrTree.Any(value, e => e is IrExpr.Insn { Property: InsnProperty.Next or InsnProperty.Length });

    private void Value(DecodeStatements code, AlternativeModel alternative, int position)
    {
        if (alternative.Slot is null || alternative.DecodeValue is null) return;
        if (IsLate(alternative)) LateValue(alternative, position, code);
        else code.Store(alternative.Slot, IrSimplifier.Simplify(alternative.DecodeValue));
    }

    /// <summary>A value that depends on the length, over fields in which waits what it takes from the bytes; the taking goes to <paramref name="code"/>.</summary>
    private IrExpr LateValue(AlternativeModel alternative, int position, DecodeStatements code)
    {
        var late = new LateValues(shape, position);
        IrExpr value = late.Rewrite(code.Lower(IrSimplifier.Simplify(alternative.DecodeValue!)));
        foreach (KeyValuePair<IrLocal, DecodeVariable> field in late.Fields) code.Store(field.Value, new IrExpr.Local(field.Key));
        return value;
    }

    private void Run(DecodeStatements code, string procedure, HashSet<string> shared)
    {
        if (!shared.Contains(procedure))
        {
            code.Writer.Line($"at = Run{Pascal(procedure)}(i, bytes, limit, at, pc);").Line("if (at < 0) return at;");
            return;
        }
        string bit = $"{Int(1 << shape.ProcedureBit(procedure))}u";
        code.Writer.Open($"if ((i->Ran & {bit}) == 0)");
        code.Writer.Line($"i->Ran |= {bit};").Line($"at = Run{Pascal(procedure)}(i, bytes, limit, at, pc);").Line("if (at < 0) return at;");
        code.Writer.Close();
    }

    private string Method(OperandModel operand, int position, HashSet<string> shared)
    {
        var writer = new CodeWriter();
        writer.Indent();
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, functions, false), "return at;");
        var ran = new HashSet<string>(StringComparer.Ordinal);
        bool complete = false;
        for (int k = 0; k < operand.Alternatives.Length && !complete; k++)
        {
            AlternativeModel alternative = operand.Alternatives[k];
            if (alternative.After is { } procedure && ran.Add(procedure)) Run(code, procedure, shared);
            complete = alternative.When is null;
            if (alternative.When is { } when) writer.Open($"if ({code.Expressions.Emit(IrSimplifier.Simplify(code.Lower(when)))})");
            Value(code, alternative, position);
            writer.Line($"i->Alternative{Int(position)} = {Int(k)};").Line("return at;");
            if (!complete) writer.Close();
        }
        if (!complete) writer.Line("return None;");
        string body = writer.ToString();
        if (methods.TryGetValue(body, out string? name)) return name;
        name = Pascal(operand.Kind) + "At" + Int(position);
        names.TryGetValue(name, out int count);
        names[name] = count + 1;
        if (count > 0) name += "_" + Int(count + 1);
        methods.Add(body, name);
        var method = new CodeWriter();
        method.Summary($"Operand {Int(position)} of kind {operand.Kind}.");
        method.Line($"private static int {name}({shape.Parameters})").Line("{").Text(body.TrimEnd('\n')).Line("}");
        Methods.Add(method);
        return name;
    }
}
