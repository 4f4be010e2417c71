using System.Globalization;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>Emits the decoder of an ISA: the mode, the decoded instruction and the methods that turn bytes into one.</summary>
public sealed class DecoderEmitter
{
    /// <summary>The files <c>P.Instruction.cs</c>, <c>P.Decoder.cs</c>, <c>P.Decoder2.cs</c> and so on.</summary>
    public IEnumerable<EmittedFile> Emit(EmitContext context)
    {
        var shape = new DecodeShape(context);
        var functions = new FunctionPool(shape, readsState: false);
        var operands = new OperandMethods(shape, functions);
        var forms = new FormMethods(shape, functions, operands);
        var methods = new List<CodeWriter> { Entry(shape), Start(shape), Failed(shape), Finish(shape, functions), Missing(shape) };
        methods.Add(Prefixes(shape, functions));
        IReadOnlyCollection<FormModel> followed;
        var left = new Dictionary<FormModel, HashSet<DecodeVariable>>();
        if (shape.Model.Decode.Words)
        {
            var dispatch = new WordDispatch(shape);
            dispatch.Emit();
            methods.AddRange(dispatch.Methods);
            followed = dispatch.Followed;
        }
        else
        {
            var dispatch = new ByteDispatch(shape);
            dispatch.Emit();
            methods.AddRange(dispatch.Methods);
            followed = dispatch.Followed;
            left = dispatch.Left;
        }
        foreach (FormModel form in shape.Model.Decode.Forms)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            methods.Add(forms.Emit(form, followed.Contains(form), left.TryGetValue(form, out HashSet<DecodeVariable>? fields) ? fields : Enumerable.Empty<DecodeVariable>()));
        }
        methods.AddRange(operands.Methods);
        foreach (KeyValuePair<string, IrStmt.Block> procedure in shape.Model.Decode.Procedures) methods.Add(Procedure(shape, functions, procedure.Key, procedure.Value));
        methods.AddRange(functions.Emit());

        // The structure comes last: only now it is known what must wait in it.
        CodeWriter types = CodeWriter.File(context.Namespace);
        InstructionStruct.EmitMode(types, shape);
        types.Line();
        InstructionStruct.EmitInstruction(types, shape);
        yield return new EmittedFile($"{shape.P}.Instruction.cs", types.ToString());
        foreach (EmittedFile file in Pack(context, methods)) yield return file;
    }

    /// <summary>Spreads the methods over files of limited length.</summary>
    private static IEnumerable<EmittedFile> Pack(EmitContext context, List<CodeWriter> methods)
    {
        CodeWriter? file = null;
        int number = 0;
        foreach (CodeWriter method in methods)
        {
            if (file is not null && file.Lines + method.Lines + 2 > context.Options.MaxLines)
            {
                yield return End(file);
                file = null;
            }
            if (file is null)
            {
                file = CodeWriter.File(context.Namespace);
                if (number++ == 0) file.Summary($"Turns bytes into decoded instructions of {context.Model.Name}.");
                file.Open($"{(number == 1 ? "public " : "")}static unsafe partial class {context.P}Decoder");
                if (number == 1) Codes(file, context.Model.Decode);
            }
            else file.Line();
            file.Text(method.ToString().TrimEnd('\n'));
        }
        if (file is not null) yield return End(file);

        EmittedFile End(CodeWriter f)
        {
            f.Close();
            return new EmittedFile($"{context.P}.Decoder{(number == 1 ? "" : number.ToString(CultureInfo.InvariantCulture))}.cs", f.ToString());
        }
    }

    private static void Codes(CodeWriter writer, DecodeModel decode)
    {
        writer.Summary("Most bytes of an instruction.").Line($"public const int MaxLength = {Int(decode.MaxLength)};").Line();
        writer.Line("// What methods return instead of a position or length: a trap is recorded; the form does not match; bytes are missing; there would be too many.");
        writer.Line("private const int Rejected = -1, None = -2, More = -3, Long = -4;").Line();
    }

    private static CodeWriter Entry(DecodeShape shape)
    {
        var writer = new CodeWriter();
        writer.Line("/// <summary>Decodes an instruction.</summary>");
        writer.Line("/// <param name=\"mode\">What the decoding depends on besides the bytes.</param>");
        writer.Line("/// <param name=\"bytes\">The bytes at the address.</param>");
        writer.Line("/// <param name=\"available\">How many of them may be read.</param>");
        writer.Line("/// <param name=\"pc\">Address of the instruction.</param>");
        writer.Line("/// <param name=\"result\">Receives the instruction, or the trap that rejects the bytes.</param>");
        writer.Line("/// <returns>The length in bytes; 0 when more bytes are needed; -1 when the bytes are no instruction.</returns>");
        writer.Open($"public static int Decode(in {shape.P}DecodeMode mode, byte* bytes, int available, ulong pc, {shape.P}Instruction* result)");
        writer.Line("Start(in mode, pc, result);");
        writer.Line("int length = Prefixes(result, bytes, available < MaxLength ? available : MaxLength, 0, pc);");
        writer.Line("return length > 0 ? length : Failed(result, length);");
        return writer.Close();
    }

    private static CodeWriter Start(DecodeShape shape)
    {
        DecodeModel decode = shape.Model.Decode;
        var expressions = new DecodeExpressions(shape, new FunctionPool(shape, false), false);
        var writer = new CodeWriter();
        writer.Summary("Initial values.").Open($"private static void Start(in {shape.P}DecodeMode mode, ulong pc, {shape.P}Instruction* i)");
        writer.Line("i->Pc = pc;").Line("i->RejectTrap = 0;");
        if (shape.RequiredPrefixes.Count > 0) writer.Line("i->Seen = 0;");
        var fromState = shape.ModeAxes.ToList();
        foreach (DecodeVariable variable in decode.Variables.Where(v => v.Kind != DecodeVariableKind.Part).OrderBy(v => v.Kind == DecodeVariableKind.Axis ? 0 : 1))
        {
            string target = "i->" + Member(variable.Name);
            if (variable.Initial is null) writer.Line($"{target} = default;");
            // default(axis) has the initial value of its axis.
            else if (fromState.Find(a => a == variable || ReferenceEquals(a.Initial, variable.Initial)) is { } axis) writer.Line($"{target} = mode.{Member(axis.Name)};");
            else
            {
                string value = expressions.Emit(IrSimplifier.Simplify(variable.Initial));
                writer.Line($"{target} = {(variable.IsRef ? Cast("ushort", value) : value)};");
            }
        }
        return writer.Close();
    }

    private static CodeWriter Failed(DecodeShape shape)
    {
        IrStmt.Reject? nothing = shape.Model.Decode.NoMatch;
        TrapSpec? undefined = nothing?.Trap ?? shape.Model.Traps.Where(t => t.Kind == "undefined").OrderBy(t => t.Number).FirstOrDefault() ?? shape.Model.Traps.FirstOrDefault();
        var writer = new CodeWriter();
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, new FunctionPool(shape, false), false), "");
        writer.Summary("Why no instruction was found.").Open($"private static int Failed({shape.P}Instruction* i, int code)");
        writer.Line("if (code == More) return 0;").Line("if (code == Rejected) return Rejected;");
        if (shape.Model.Decode.TooLong is { } tooLong)
        {
            writer.Open("if (code == Long)");
            code.EmitReject(tooLong);
            writer.Close();
        }
        if (nothing is not null) code.EmitReject(nothing);
        else writer.Line($"return Reject(i, {Int((undefined?.Index ?? -1) + 1)}u, 0ul, 0ul);");
        writer.Close().Line();
        writer.Open($"private static int Reject({shape.P}Instruction* i, uint trap, ulong a, ulong b)");
        writer.Line("i->RejectTrap = trap;").Line("i->RejectA = a;").Line("i->RejectB = b;").Line("return Rejected;");
        return writer.Close();
    }

    private static CodeWriter Finish(DecodeShape shape, FunctionPool functions)
    {
        var writer = new CodeWriter();
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, functions, false), "return at;");
        writer.Summary("Records what was found, unless a rule rejects it.");
        writer.Open($"private static int Finish({shape.P}Instruction* i, int at, ulong pc, int form, int formCase, int variant)");
        writer.Line("i->Length = (byte)at;").Line("i->Form = (ushort)form;").Line("i->Case = (ushort)formCase;").Line("i->Variant = (ushort)variant;");
        foreach ((IrExpr when, IrStmt.Reject trap) in shape.Model.Decode.Rejects)
        {
            writer.Open($"if ({code.Expressions.Emit(IrSimplifier.Simplify(when))})");
            code.EmitReject(trap);
            writer.Close();
        }
        writer.Line("return at;");
        return writer.Close();
    }

    private static CodeWriter Missing(DecodeShape shape)
    {
        var writer = new CodeWriter();
        writer.Summary("What it means that the bytes end before a position.").Open("private static int Missing(int end)");
        writer.Line("return end > MaxLength ? Long : More;");
        return writer.Close();
    }

    private static CodeWriter Prefixes(DecodeShape shape, FunctionPool functions)
    {
        var writer = new CodeWriter();
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, functions, false), "continue;");
        writer.Summary("Prefixes in any order, then the opcode.").Open($"private static int Prefixes({shape.Parameters})");
        if (shape.Model.Decode.Prefixes.Count == 0)
        {
            writer.Line($"return Opcode({shape.Arguments});");
            return writer.Close();
        }
        writer.Open("while (true)").Line("if (at >= limit) return Missing(at + 1);").Open("switch (bytes[at])");
        foreach (KeyValuePair<byte, IrStmt.Block> prefix in shape.Model.Decode.Prefixes.OrderBy(p => p.Key))
        {
            writer.Open($"case 0x{prefix.Key.ToString("X2", CultureInfo.InvariantCulture)}:");
            writer.Line("at++;");
            if (shape.RequiredPrefixes.TryGetValue(prefix.Key, out int bit)) writer.Line($"i->Seen |= {Int(1 << bit)}u;");
            code.Emit(IrSimplifier.Simplify(prefix.Value));
            writer.Line("continue;").Close();
        }
        writer.Line($"default: return Opcode({shape.Arguments});").Close().Close();
        return writer.Close();
    }

    private static CodeWriter Procedure(DecodeShape shape, FunctionPool functions, string name, IrStmt.Block body)
    {
        var writer = new CodeWriter();
        var code = new DecodeStatements(writer, new DecodeExpressions(shape, functions, false), "return at;");
        writer.Summary($"Decode procedure {name}.").Open($"private static int Run{Pascal(name)}({shape.Parameters})");
        code.Emit(IrSimplifier.Simplify(body));
        writer.Line("return at;");
        return writer.Close();
    }
}
