using System.Collections.Immutable;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>Readers of deferred groups: a field is computed from the function and arguments last assigned.</summary>
internal static class GroupEmitter
{
    public static IEnumerable<CodeWriter> Members(EmitContext context, DeferredGroup group, FunctionDrafts drafts)
    {
        for (int field = 0; field < group.Fields.Count; field++)
        {
            foreach (IrFunction function in group.Functions) yield return Component(context, function, field, group, drafts);
            yield return Getter(context, group, field);
        }
        yield return Settle(context, group);
    }

    /// <summary>A call for one field of a group that is known to be assigned from a function.</summary>
    public static string Component(DeferredGroup group, IrFunction function, StateAtom field)
    {
        string id = BodyEmitter.Identifier(group);
        string arguments = string.Join(", ", function.Parameters.Select((p, k) => Argument($"s->{id}_{Int(k)}", p.Width, StateLayout.ArgumentSize(group) * 8)));
        return $"{ComponentName(function, field)}({arguments})";
    }

    private static string ComponentName(IrFunction function, StateAtom field) => $"{function.Name}_{field.Identifier}";

    private static CodeWriter Component(EmitContext context, IrFunction function, int field, DeferredGroup group, FunctionDrafts drafts) =>
        drafts.Component(function, group.Fields[field], () => Component(context.Model, function, field, group));

    /// <summary>The function with one of its results.</summary>
    private static CodeWriter Component(IsaModel model, IrFunction function, int field, DeferredGroup group)
    {
        StateAtom atom = group.Fields[field];
        var w = new CodeWriter();
        w.Summary($"{atom.Name} after {function.Name}.").Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        string parameters = string.Join(", ", function.Parameters.Select(p => $"{TypeOf(p.Width)} {Local(p.Name)}"));
        w.Open($"internal static {TypeOf(atom.Width)} {ComponentName(function, atom)}({parameters})");
        IrStmt.Block body = IrSimplifier.Simplify(Sliced(new CallInliner(model, int.MaxValue).Inline(function), field));
        new ComponentBody(w).Run(body);
        return w.Close();
    }

    /// <summary>A copy of a body that returns one of its results, without the locals that only the others need.</summary>
    private static IrStmt.Block Sliced(IrStmt.Block body, int field)
    {
        var sliced = (IrStmt.Block)new ReturnOne(field).Rewrite(body);
        while (true)
        {
            var used = new HashSet<IrLocal>();
            IrTree.Visit(sliced, null, e => { if (e is IrExpr.Local l) used.Add(l.Variable); });
            IrStmt.Block pruned = IrSimplifier.Simplify(new DropUnused(used).Rewrite(sliced));
            if (IrTree.Size(pruned) == IrTree.Size(sliced)) return pruned;
            sliced = pruned;
        }
    }

    private static CodeWriter Getter(EmitContext context, DeferredGroup group, int field)
    {
        StateAtom atom = group.Fields[field];
        string id = BodyEmitter.Identifier(group);
        var w = new CodeWriter();
        w.Summary($"{atom.Name}, computed when its group is deferred.");
        w.Open($"internal static {TypeOf(atom.Width)} Get_{atom.Identifier}(CpuHeader* h)").Line($"var s = ({context.P}State*)h;");
        w.Open($"switch (s->{id})");
        for (int i = 0; i < group.Functions.Count; i++)
        {
            w.Line($"case {Int(i + 1)}: return {Component(group, group.Functions[i], atom)};");
        }
        w.Line(atom.Width == 1 ? $"default: return s->{Member(atom.Identifier)} != 0;" : $"default: return s->{Member(atom.Identifier)};");
        return w.Close().Close();
    }

    private static string Argument(string place, int width, int stored) =>
        width == 1 ? $"{place} != 0" : Container(width) == stored ? place : $"({TypeOf(width)}){place}";

    private static CodeWriter Settle(EmitContext context, DeferredGroup group)
    {
        string id = BodyEmitter.Identifier(group), name = Pascal(group.Name);
        var w = new CodeWriter();
        w.Summary($"Computes the fields of {group.Name} now, so that each can be written alone.");
        w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        w.Open($"internal static void Settle_{name}(CpuHeader* h)");
        w.Line($"if ((({context.P}State*)h)->{id} != 0) SettleNow_{name}(h);").Close().Line();
        w.Summary($"The same where {group.Name} is known to be deferred.");
        w.Open($"private static void SettleNow_{name}(CpuHeader* h)").Line($"var s = ({context.P}State*)h;");
        foreach (StateAtom atom in group.Fields) w.Line($"var v_{atom.Identifier} = Get_{atom.Identifier}(h);");
        foreach (StateAtom atom in group.Fields)
            w.Line($"s->{Member(atom.Identifier)} = {(atom.Width == 1 ? $"(byte)(v_{atom.Identifier} ? 1 : 0)" : $"({StorageType(atom.Width)})v_{atom.Identifier}")};");
        w.Line($"s->{id} = 0;");
        return w.Close();
    }

    private sealed class ReturnOne(int field) : IrRewriter
    {
        protected override void Rewrite(IrStmt statement, ImmutableArray<IrStmt>.Builder into)
        {
            if (statement is IrStmt.Return r) into.Add(r with { Values = ImmutableArray.Create(r.Values[field]) });
            else base.Rewrite(statement, into);
        }
    }

    private sealed class DropUnused(HashSet<IrLocal> used) : IrRewriter
    {
        protected override void Rewrite(IrStmt statement, ImmutableArray<IrStmt>.Builder into)
        {
            if (statement is IrStmt.Set set && !used.Contains(set.Variable)) return;
            base.Rewrite(statement, into);
        }
    }

    /// <summary>Bodies of pure functions of locals only.</summary>
    private sealed class ComponentBody(CodeWriter writer) : ExpressionEmitter
    {
        public void Run(IrStmt.Block block)
        {
            foreach (IrStmt statement in block.Statements)
            {
                switch (statement)
                {
                    case IrStmt.Set s: writer.Line($"{(s.Declare ? TypeOf(s.Variable.Width) + " " : "")}{Local(s.Variable.Name)} = {Emit(s.Value)};"); break;
                    case IrStmt.Return r: writer.Line($"return {Emit(r.Values[0])};"); break;
                    case IrStmt.If i:
                        writer.Open($"if ({Emit(i.Condition)})");
                        Run(i.Then);
                        writer.Close();
                        if (i.Else.Statements.IsEmpty) break;
                        writer.Open("else");
                        Run(i.Else);
                        writer.Close();
                        break;
                    case IrStmt.Block b: Run(b); break;
                    default: throw new InvalidOperationException($"{statement.GetType().Name} in the function of a deferred group");
                }
            }
        }

        protected override string Leaf(IrExpr e) => e switch
        {
            IrExpr.Local l => Local(l.Variable.Name),
            IrExpr.Call c => $"{Local(c.Function.Name)}({string.Join(", ", c.Arguments.Select(a => Emit(a)))})",
            IrExpr.Table t => $"Table_{t.Data.Name}[(int)({As(t.Index, 32)})]",
            _ => throw new InvalidOperationException($"{e.GetType().Name} in the function of a deferred group"),
        };
    }
}
