using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private void BindAssign(Stmt.Assign a, Scope s)
    {
        if (a.When is not null)
        {
            var condition = BindTyped(a.When, s, 1);
            condition = Spill(condition, s, "performed");
            if (ResolveState(a.Place, s) is { } place)
                foreach (var atom in AtomsOf(place.Node)) s.Output.Add(new IrStmt.Ignored(a.Span, atom, condition));
            else if (a.Place is Expr.Fields f && ResolveState(f.Target, s) is { } owner)
                foreach (var atom in FieldsOf(f, owner.Node)) s.Output.Add(new IrStmt.Ignored(a.Span, atom, condition));
            if (Folding.IsConst(condition, out var known))
            {
                if (!known.IsZero) BindAssign(a with { When = null }, s);
                return;
            }
            s.Output.Add(new IrStmt.If(a.Span, condition, NestedBlock(a with { When = null }, s), IrStmt.Block.Empty));
            return;
        }
        if (a.Place is Expr.Tuple tuple)
        {
            var value = Bind(a.Value, s, 0);
            if (!value.IsTuple || value.Items.Length != tuple.Items.Length)
            {
                if (!value.IsError) Report(SemanticDiagnostics.WrongArguments, a.Span, $"{tuple.Items.Length} places need a function with {tuple.Items.Length} results");
                return;
            }
            for (var i = 0; i < value.Items.Length; i++) Assign(tuple.Items[i], Value.Of(new IrExpr.Local(value.Items[i])), s, tuple.Items[i].Span, a.Value.Span);
            return;
        }
        if (a.Place is Expr.Name g && groups.TryGetValue(g.Id, out var group) && s.Find(g.Id) is null)
        {
            BindGroup(group, a, s);
            return;
        }
        if (s.Decoding && a.Place is Expr.Name r && s.Find(r.Id) is null && FindDecode(r.Id, s) is { IsRef: true } reference)
        {
            s.Output.Add(new IrStmt.SetDecode(a.Span, reference, BindRef(a.Value, s, reference.Width)));
            return;
        }
        var expected = PlaceWidth(a.Place, s);
        var source = a.Operator is { } op ? new Expr.Binary(a.Span, op, a.Place, a.Value) : a.Value;
        Assign(a.Place, Bind(source, s, expected), s, a.Place.Span, a.Value.Span);
    }

    /// <summary>Width of a place, for the literals assigned to it; 0 when not known. Binds nothing.</summary>
    private int PlaceWidth(Expr place, Scope s)
    {
        switch (place)
        {
            case Expr.Name n when s.Find(n.Id)?.Local is { } local: return local.Width;
            case Expr.Name n when s.Operands.TryGetValue(n.Id, out var operand): return operand.Model.Width;
            case Expr.Name n when s.Decoding && FindDecode(n.Id, s) is { } variable: return variable.Width;
            case Expr.Index { Target: Expr.Name { Widths.Length: 1 } n } when memories.ContainsKey(n.Id) || spaces.TryGetValue(n.Id, out var sp) && sp.At is not null: return WidthOf(n.Widths[0], s);
            case Expr.Index { Target: Expr.Name n } when spaces.TryGetValue(n.Id, out var space) && space.Widths.IsEmpty && space.Type is not null: return BitsOf(space.Type, new Scope()).Width;
            case Expr.Index { Target: Expr.Member { Id: "view", Widths.Length: 1 } m }: return WidthOf(m.Widths[0], s);
            case Expr.Fields f: return PlaceWidth(f.Target, s);
            case Expr.Slice { Low: null }: return 1;
            case Expr.Slice { Low: { } low } sl: return TryConstant(sl.High, s) is { } last && TryConstant(low, s) is { } first && last >= first && first >= 0 && last < 128 ? (int)(last - first) + 1 : 0;
        }
        var (output, impureSaved) = (s.Output, s.Impure);
        s.Output = new List<IrStmt>();
        var width = ResolveState(place, s)?.Node.Width ?? 0;
        (s.Output, s.Impure) = (output, impureSaved);
        return width;
    }

    private static IEnumerable<StateAtom> AtomsOf(StateNode node) => node.Atom is not null ? new[] { node.Atom } : node.Fields.Values.SelectMany(AtomsOf);

    private void BindGroup(DeferredGroup group, Stmt.Assign a, Scope s)
    {
        s.Impure = true;
        if (a.Value is not Expr.Call call || !functions.TryGetValue(call.Function.Id, out var declaration) || Arguments(declaration, call, s) is not { } bound)
        {
            Report(SemanticDiagnostics.NotPure, a.Value.Span, $"the group '{group.Name}' is assigned from a call of a pure function");
            return;
        }
        if (bindings.Impure.Contains(bound.Function)) Report(SemanticDiagnostics.NotPure, a.Value.Span, $"'{bound.Function.Name}' reads or changes state; a group is assigned from a pure function");
        if (bound.Function.Results.Length != group.Fields.Count || !bound.Function.Results.Select(r => r.Width).SequenceEqual(group.Fields.Select(f => f.Width)))
            Report(SemanticDiagnostics.WrongArguments, a.Value.Span, $"'{bound.Function.Name}' must return the {group.Fields.Count} fields of '{group.Name}' in their order");
        Ask($"{group.Name} = {bound.Function.Name}");
        if (!group.Functions.Contains(bound.Function)) group.Functions.Add(bound.Function);
        s.Output.Add(new IrStmt.WriteGroup(a.Span, group, bound.Function, bound.Arguments));
    }

    /// <summary>Writes a value to a place.</summary>
    private void Assign(Expr place, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        switch (place)
        {
            case Expr.Name n when s.Find(n.Id) is { } symbol:
                if (symbol.Constant is { IsError: true }) return;
                if (!symbol.Mutable || symbol.Local is null) Report(SemanticDiagnostics.NotAPlace, span, $"'{n.Id}' is a constant of this body; declare it with var", symbol.Span);
                else s.Output.Add(new IrStmt.Set(span, symbol.Local, Typed(value, symbol.Local.Width, valueSpan), false));
                return;
            case Expr.Name n when s.Operands.TryGetValue(n.Id, out var operand):
                WriteOperand(operand, value, s, span, valueSpan);
                return;
            case Expr.Name n when s.Decoding && FindDecode(n.Id, s) is { } variable:
                AssignDecode(variable, value, s, span, valueSpan);
                return;
            case Expr.Slice sl:
                AssignSlice(sl, value, s, span, valueSpan);
                return;
            case Expr.Conditional c:
                AssignConditional(c, value, s, span, valueSpan);
                return;
            case Expr.Fields f:
                AssignFields(f, value, s, span, valueSpan);
                return;
            case Expr.Index { Target: Expr.Member { Id: "view" } m } i:
                WithView(m, i, s, (e, _) => { Assign(e, value, s, span, valueSpan); return 0; }, 0);
                return;
            case Expr.Index { Target: Expr.Name n } i when s.Find(n.Id) is null && (memories.ContainsKey(n.Id) || spaces.ContainsKey(n.Id)):
                WriteSpace(n, i.Arguments, value, s, span, valueSpan);
                return;
        }
        if (ResolveState(place, s) is { } state) WriteState(state, value, s, span, valueSpan);
        else
        {
            if (!Bind(place, s, 0).IsError) Report(SemanticDiagnostics.NotAPlace, span, "this cannot be assigned");
        }
    }

    private void WriteState(StatePlace place, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        s.Impure = true;
        var node = place.Node;
        if (s.Decoding) { Report(SemanticDiagnostics.NotHere, span, "state may not be written while decoding"); return; }
        if (node.Width == 0 || (node.Count > 0 && place.Index is null))
        {
            Report(SemanticDiagnostics.NotAPlace, span, node.Width == 0 ? $"'{node.Name}' is a record; assign its fields" : $"'{node.Name}' is an array; index it");
            return;
        }
        var typed = Typed(value, node.Width, valueSpan);
        if (node.Atom is not null)
        {
            if (node.Atom.Derived is not null || derived.Any(d => d.Atom == node.Atom)) Report(SemanticDiagnostics.NotAPlace, span, $"'{node.Name}' is derived; it follows from other states");
            s.Output.Add(new IrStmt.WriteState(span, node.Atom, place.Index, typed));
            return;
        }
        var source = Spill(typed, s, "value");
        var index = place.Index is null ? null : Spill(place.Index, s, "index");
        foreach (var field in node.Whole!.Fields)
            s.Output.Add(new IrStmt.WriteState(span, field, index, Folding.Slice(source, field.BitLow, field.Width)));
    }

    private void AssignFields(Expr.Fields f, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        if (ResolveState(f.Target, s) is not { Node.Whole: { } whole } place)
        {
            Report(SemanticDiagnostics.WrongKind, span, "only a state with bit fields can be followed by .{...}");
            return;
        }
        s.Impure = true;
        var source = Spill(Typed(value, whole.Width, valueSpan), s, "value");
        foreach (var field in FieldsOf(f, place.Node))
            s.Output.Add(new IrStmt.WriteState(span, field, place.Index, Folding.Slice(source, field.BitLow, field.Width)));
    }

    private void AssignSlice(Expr.Slice sl, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        var old = OwnWidth(Bind(sl.Target, s, 0), sl.Target.Span);
        if (old.Width == 0) return;
        IrExpr merged;
        if (sl.Low is null && Bind(sl.High, s, 0) is var position && position.Constant is null)
        {
            var count = OwnWidth(position, sl.High.Span);
            var one = Folding.Binary(IrBinary.Shl, Folding.Const(1, old.Width), count);
            var bit = Folding.Binary(IrBinary.Shl, Folding.Convert(IrConversion.Zext, Typed(value, 1, valueSpan), old.Width), count);
            merged = Folding.Binary(IrBinary.Or, Folding.Binary(IrBinary.And, old, Folding.Unary(IrUnary.Not, one)), bit);
        }
        else
        {
            if (TryConstant(sl.High, s) is not { } last || TryConstant(sl.Low ?? sl.High, s) is not { } first) return;
            var (high, low) = ((int)BigInteger.Max(-1, BigInteger.Min(last, 128)), (int)BigInteger.Max(-1, BigInteger.Min(first, 128)));
            if (low < 0 || high < low || high >= old.Width)
            {
                Report(SemanticDiagnostics.WidthMismatch, span, $"bits {high}:{low} lie outside the {old.Width} bits of this");
                return;
            }
            var mask = Folding.Mask(high - low + 1) << low;
            var bits = Folding.Convert(IrConversion.Zext, Typed(value, high - low + 1, valueSpan), old.Width);
            if (low > 0) bits = Folding.Binary(IrBinary.Shl, bits, Folding.Const(low, 32));
            merged = Folding.Binary(IrBinary.Or, Folding.Binary(IrBinary.And, old, Folding.Const(Folding.Mask(old.Width) ^ mask, old.Width)), bits);
        }
        Assign(sl.Target, Value.Of(merged), s, span, valueSpan);
    }

    private void AssignConditional(Expr.Conditional c, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        var condition = BindTyped(c.Condition, s, 1);
        if (Folding.IsConst(condition, out var known))
        {
            Assign(known.IsZero ? c.WhenFalse : c.WhenTrue, value, s, span, valueSpan);
            return;
        }
        if (value.Expr is not null) value = Value.Of(Spill(value.Expr, s, "value"), value.Signed);
        var outer = s.Output;
        IrStmt.Block Side(Expr e)
        {
            s.Output = new List<IrStmt>();
            s.Depth++;
            Assign(e, value, s, span, valueSpan);
            s.Depth--;
            return BlockOf(s.Output, span);
        }
        var (yes, no) = (Side(c.WhenTrue), Side(c.WhenFalse));
        s.Output = outer;
        s.Output.Add(new IrStmt.If(span, condition, yes, no));
    }
}
