using System.Collections.Immutable;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>
/// Statements of decode code. Bytes are taken by statements before the expression that needs them, so that a method can give up in between: it returns the
/// new position, or a negative code.
/// </summary>
/// <param name="end">Text of the <c>return</c> of decode code; empty in functions.</param>
internal sealed class DecodeStatements(CodeWriter writer, DecodeExpressions expressions, string end)
{
    private int taken;

    public CodeWriter Writer => writer;

    public DecodeExpressions Expressions => expressions;

    public void Emit(IrStmt.Block block)
    {
        foreach (IrStmt statement in block.Statements) Emit(statement);
    }

    /// <summary>Stores a value in a field of the instruction.</summary>
    public void Store(DecodeVariable variable, IrExpr value)
    {
        if (value is IrExpr.Next next && next.Width == variable.Width && !variable.IsRef)
        {
            int bytes = Check(next.Width);
            writer.Line($"i->{Member(variable.Name)} = {Read(next.Width, bytes)};");
            Advance(bytes);
            return;
        }
        string text = expressions.Emit(Lower(value));
        writer.Line(variable.IsRef ? $"i->{Member(variable.Name)} = {Cast("ushort", text)};" : $"i->{Member(variable.Name)} = {text};");
    }

    /// <summary>Emits the taking of every <c>next</c> in an expression, and puts what was taken in its place.</summary>
    public IrExpr Lower(IrExpr e, IrExpr? guard = null)
    {
        if (!IrTree.Any(e, x => x is IrExpr.Next)) return e;
        switch (e)
        {
            case IrExpr.Next n: return Take(n.Width, guard);
            case IrExpr.Select s:
                IrExpr condition = Named(Lower(s.Condition, guard));
                IrExpr whenTrue = Lower(s.WhenTrue, And(guard, condition));
                IrExpr whenFalse = Lower(s.WhenFalse, And(guard, new IrExpr.Unary(IrUnary.Not, condition, 1)));
                return new IrExpr.Select(condition, whenTrue, whenFalse);
            case IrExpr.MakeRef { Index: { } index } r: return r with { Index = Lower(index, guard) };
            case IrExpr.Unary u: return u with { Operand = Lower(u.Operand, guard) };
            case IrExpr.Binary b: return b with { Left = Lower(b.Left, guard), Right = Lower(b.Right, guard) };
            case IrExpr.Convert c: return c with { Operand = Lower(c.Operand, guard) };
            case IrExpr.Slice s: return s with { Operand = Lower(s.Operand, guard) };
            case IrExpr.Bit b: return new IrExpr.Bit(Lower(b.Operand, guard), Lower(b.Position, guard));
            case IrExpr.Table t: return new IrExpr.Table(t.Data, Lower(t.Index, guard));
            case IrExpr.Call c: return new IrExpr.Call(c.Function, ImmutableArray.CreateRange(c.Arguments, a => Lower(a, guard)));
            default: throw new InvalidOperationException($"{e.GetType().Name} around 'next'");
        }
    }

    private static IrExpr And(IrExpr? x, IrExpr y) => x is null ? y : new IrExpr.Binary(IrBinary.And, x, y, 1);

    /// <summary>An expression that may be evaluated twice.</summary>
    private IrExpr Named(IrExpr e)
    {
        if (e is IrExpr.Local or IrExpr.Const) return e;
        var local = new IrLocal($"taken{Int(taken++)}", e.Width);
        writer.Line($"{TypeOf(e.Width)} {local.Name} = {expressions.Emit(e)};");
        return new IrExpr.Local(local);
    }

    private IrExpr Take(int width, IrExpr? guard)
    {
        var local = new IrLocal($"taken{Int(taken++)}", width);
        string type = TypeOf(width);
        if (guard is not null)
        {
            writer.Line($"{type} {local.Name} = default;");
            writer.Open($"if ({expressions.Emit(IrSimplifier.Simplify(guard))})");
        }
        int bytes = Check(width);
        writer.Line($"{(guard is null ? type + " " : "")}{local.Name} = {Read(width, bytes)};");
        Advance(bytes);
        if (guard is not null) writer.Close();
        return new IrExpr.Local(local);
    }

    /// <summary>Gives up where the bytes of a value are not there; returns their number.</summary>
    private int Check(int width)
    {
        int bytes = (width + 7) / 8;
        writer.Line(bytes == 1 ? "if (at >= limit) return Missing(at + 1);" : $"if (at + {Int(bytes)} > limit) return Missing(at + {Int(bytes)});");
        return bytes;
    }

    private void Advance(int bytes) => writer.Line(bytes == 1 ? "at++;" : $"at += {Int(bytes)};");

    /// <summary>The value of the next bits, little-endian, at <c>bytes + at</c>.</summary>
    private static string Read(int width, int bytes)
    {
        string text;
        int container = Container(width);
        string type = UnsignedType(container);
        if (bytes is 1) text = "bytes[at]";
        else if (bytes is 2 or 4 or 8 or 16) text = $"Unsafe.ReadUnaligned<{StorageType(bytes * 8)}>(bytes + at)";
        else
        {
            text = string.Join(" | ", Enumerable.Range(0, bytes).Select(k => k == 0 ? $"({type})bytes[at]" : $"({type})bytes[at + {Int(k)}] << {Int(8 * k)}"));
        }
        if (width == 1) return $"(bytes[at] & 1) != 0";
        return width % 8 == 0 ? text : $"{Wrap(text)} & {Number(IrMath.Mask(width), container)}";
    }

    private void Emit(IrStmt statement)
    {
        switch (statement)
        {
            case IrStmt.Block block: Emit(block); break;
            case IrStmt.Set set:
                string value = expressions.Emit(Lower(set.Value));
                writer.Line($"{(set.Declare ? TypeOf(set.Variable.Width) + " " : "")}{Local(set.Variable.Name)} = {value};");
                break;
            case IrStmt.SetDecode set: Store(set.Variable, set.Value); break;
            case IrStmt.If branch: Emit(branch); break;
            case IrStmt.While loop:
                writer.Open("while (true)");
                Emit(loop.Header);
                writer.Line($"if ({expressions.Not(Lower(loop.Condition))}) break;");
                Emit(loop.Body);
                writer.Close();
                break;
            case IrStmt.For loop:
                string name = Local(loop.Variable.Name);
                writer.Open($"for ({TypeOf(loop.Variable.Width)} {name} = {expressions.Emit(loop.From)}; {name} <= {Wrap(expressions.Emit(loop.To))}; {name}++)");
                Emit(loop.Body);
                writer.Close();
                break;
            case IrStmt.Call call: Emit(call); break;
            case IrStmt.Return r:
                writer.Line(r.Values.Length switch
                {
                    0 => end.Length > 0 ? end : "return;",
                    1 => $"return {expressions.Emit(r.Values[0])};",
                    _ => $"return ({string.Join(", ", r.Values.Select(v => expressions.Emit(v)))});",
                });
                break;
            case IrStmt.Reject reject:
                EmitReject(reject);
                break;
            default: throw new InvalidOperationException($"{statement.GetType().Name} in decode code");
        }
    }

    private void Emit(IrStmt.If branch)
    {
        writer.Open($"if ({expressions.Emit(Lower(branch.Condition))})");
        Emit(branch.Then);
        writer.Close();
        if (branch.Else.Statements.IsEmpty) return;
        writer.Open("else");
        Emit(branch.Else);
        writer.Close();
    }

    private void Emit(IrStmt.Call call)
    {
        string text = expressions.Call(call.Function, call.Arguments);
        if (call.Results.Length == 1 && call.Results[0] is { } only) writer.Line($"{TypeOf(only.Width)} {Local(only.Name)} = {text};");
        else if (call.Results.Length > 1) writer.Line($"({string.Join(", ", call.Results.Select(r => r is null ? "_" : $"{TypeOf(r.Width)} {Local(r.Name)}"))}) = {text};");
        else writer.Line(text + ";");
    }

    /// <summary>Records a trap and gives up.</summary>
    public void EmitReject(IrStmt.Reject reject)
    {
        string Argument(int k) => k < reject.Arguments.Length ? expressions.As(reject.Arguments[k], 64) : "0ul";
        writer.Line($"return Reject(i, {Int(reject.Trap.Index + 1)}u, {Argument(0)}, {Argument(1)});");
    }
}
