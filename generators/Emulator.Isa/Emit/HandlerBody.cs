using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>The general handler of a variant: saves what a trap must undo, runs the body, continues.</summary>
internal class HandlerBody(EmitContext context, CodeWriter writer, VariantModel variant, IrStmt.Block body, SlotPlan plan, List<(object Key, int Element)> saved)
    : BodyEmitter(context, writer)
{
    private bool returned;
    private bool assigned;
    private bool suspended;
    private bool trapped;

    /// <summary>The function the deferred group is known to be assigned from when the operation starts.</summary>
    public IrFunction? Known { get; init; }

    /// <summary>The reader must not have assigned the group itself before.</summary>
    protected override string GroupField(StateAtom field, DeferredGroup group) =>
        Known is not null && !assigned && group == Context.Model.Groups[0] ? GroupEmitter.Component(group, Known, field) : base.GroupField(field, group);

    protected override void Assigned(DeferredGroup group) => assigned = true;

    protected override string LeaveWithTrap
    {
        get
        {
            trapped = true;
            return "goto trap;";
        }
    }

    /// <summary>Writes the body; whether it may trap.</summary>
    public bool Run()
    {
        Writer.Line($"var s = ({Context.P}State*)h;");
        Save(declare: true);
        if (Context.Facts.EndsBlock(variant) && !Context.Facts.AlwaysJumps(variant) && Context.Facts.Pc is { } pc) Writer.Line($"s->{Member(pc.Identifier)} = {Cast(StorageType(pc.Width), Next(pc.Width))};");
        Emit(body);
        EndLines();
        if (returned) Writer.Margin("done:");
        if (Attends) Writer.Line("h->Attention = Attend(h);");
        Writer.Text(Context.Facts.EndsBlock(variant) ? "return null;" : "#if EMULATOR_LOOP_DISPATCH\nreturn op + 1;\n#else\nreturn op[1].Handler(h, op + 1);\n#endif");
        Tail();
        if (suspended)
        {
            Writer.Margin("suspend:").Line("h->Suspended = 1;").Line("h->TrapOp = op;").Line("return null;");
        }
        if (trapped)
        {
            Writer.Margin("trap:");
            Restore();
            Writer.Line("h->TrapOp = op;").Line("return null;");
        }
        return trapped;
    }

    /// <summary>What stands behind the end of the method.</summary>
    protected virtual void Tail()
    {
    }

    private bool Attends => Context.Facts.AttentionAtoms.Overlaps(Context.Facts.EffectsOf(variant.Body).Writes)
        || IrWalker.Statements(body).OfType<IrStmt.WriteRef>().Any(w => Context.Facts.Targets(w.Variable).Any(Context.Facts.AttentionAtoms.Contains));

    private void Save(bool declare)
    {
        for (int i = 0; i < saved.Count; i++) Writer.Line(SavedCopies.Make(Context, saved[i], i, RegisterOf(saved[i].Key), declare));
    }

    private string? RegisterOf(object key) => key is DecodeVariable variable ? Register(variable, variable.Width) : null;

    private void Restore()
    {
        for (int i = 0; i < saved.Count; i++) Writer.Line(SavedCopies.PutBack(Context, saved[i], i, RegisterOf(saved[i].Key)));
        // What depends on the states put back follows them.
        foreach (string update in saved.SelectMany(k => RestoreUpdates(k.Key)).Distinct()) Writer.Line(update);
        if (Attends) Writer.Line("h->Attention = Attend(h);");
    }

    private IEnumerable<string> RestoreUpdates(object key) => key switch
    {
        StateAtom atom => Updates.After(Context, atom, -1, null).Where(u => atom.IsArray && atom.OnWrite is not null ? !u.StartsWith(Local(atom.OnWrite.Name), StringComparison.Ordinal) : true),
        DecodeVariable variable => Context.Facts.Targets(variable).SelectMany(a => Updates.After(Context, a, -1, null)),
        _ => Enumerable.Empty<string>(),
    };

    protected override void Return(IrStmt.Return statement)
    {
        returned = true;
        Writer.Line("goto done;");
    }

    protected override void Commit(IrStmt.Commit statement)
    {
        suspended = true;
        if (Attends) Writer.Line("h->Attention = Attend(h);");
        Writer.Line("if (--h->Remaining <= 0 || *(uint*)&h->Attention != 0) goto suspend;");
        Save(declare: false);
    }

    protected override string Register(DecodeVariable variable, int width) => $"*({StorageType(width)}*)((byte*)h + op->{plan[variable]})";

    protected override string DecodeSlot(DecodeVariable variable)
    {
        string slot = "op->" + plan[variable];
        if (variable.Width == 1) return $"({slot} != 0)";
        string type = TypeOf(variable.Width), own = SlotPlan.SlotType(plan[variable]);
        return type == own ? slot : $"({type}){slot}";
    }

    protected override string Insn(IrExpr.Insn insn) => insn.Property switch
    {
        InsnProperty.Pc => Cut("op->Pc", insn.Width),
        InsnProperty.Next => Next(insn.Width),
        InsnProperty.Length => Cut("(ulong)op->Length", insn.Width),
        _ => Cut($"(ulong)op->{plan.Bits}", insn.Width),
    };

    private static string Next(int width) => Cut("op->Pc + op->Length", width);

    private static string Cut(string text, int width)
    {
        string cast = Cast(TypeOf(width), text);
        return width == Container(width) ? cast : $"({cast} & {Number(IrMath.Mask(width), Container(width))})";
    }
}
