using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    /// <summary>A state or part of one, with the index into its array.</summary>
    private readonly record struct StatePlace(StateNode Node, IrExpr? Index);

    /// <summary>The value of what was reported as wrong.</summary>
    private static Value Bad(int width = 0) => Value.Of(Value.Bad(width));

    private Value BindName(Expr.Name n, Scope s)
    {
        if (n.Widths.IsEmpty)
        {
            switch (n.Id)
            {
                case "true": return Value.Of(Folding.Bool(true));
                case "false": return Value.Of(Folding.Bool(false));
            }
            if (s.Find(n.Id) is { } symbol)
                return symbol.Constant ?? Value.Of(new IrExpr.Local(symbol.Local!), symbol.Local!.Signed);
            if (s.Widths.TryGetValue(n.Id, out var width)) return Value.Of(new BigInteger(width));
            if (s.Operands.TryGetValue(n.Id, out var operand)) return ReadOperand(operand, s, n.Span);
            if (s.TextOperands.FirstOrDefault(o => o.Name == n.Id) is { Alternatives: { Length: 1 } alternatives } && alternatives[0] is { Class: OperandClass.Value, Slot: { } slot })
                return Value.Of(new IrExpr.Decode(slot), slot.Signed);
        }
        if (n.Id == "next" && s.Decoding && n.Widths.Length == 1)
        {
            s.Impure = true;
            return Value.Of(new IrExpr.Next(WidthOf(n.Widths[0], s)));
        }
        if (s.DecodeVisible && FindDecode(n.Id, s) is { } variable) return ReadDecode(variable, s);
        if (s.DecodeVisible && decodeWidths.TryGetValue(n.Id, out var widthItem)) return Value.Of(ConstantOf(widthItem.Expression, s));
        if (s.DecodeVisible && decodeValues.TryGetValue(n.Id, out var value)) return BindDecodeValue(value, n, s);
        if (constants.TryGetValue(n.Id, out var constant)) return constant;
        if (undefineds.TryGetValue(n.Id, out var undefined)) return CallFunction(UndefinedFunction(undefined), ImmutableArray<IrExpr>.Empty, n.Span, s);
        if (ResolveState(n, s) is { } place) return ReadState(place, n.Span, s);
        if (groups.ContainsKey(n.Id)) Report(SemanticDiagnostics.WrongKind, n.Span, $"the group '{n.Id}' can only be assigned; read one of its fields");
        else if (functions.ContainsKey(n.Id) || externs.ContainsKey(n.Id)) Report(SemanticDiagnostics.WrongKind, n.Span, $"'{n.Id}' is a function; call it with (...)");
        else if (memories.ContainsKey(n.Id) || spaces.ContainsKey(n.Id)) Report(SemanticDiagnostics.WrongKind, n.Span, $"'{n.Id}' is a memory; name an element of it: {n.Id}<32>[...]");
        else if (tables.ContainsKey(n.Id)) Report(SemanticDiagnostics.WrongKind, n.Span, $"'{n.Id}' is a table; index it");
        else if (enums.ContainsKey(n.Id)) Report(SemanticDiagnostics.WrongKind, n.Span, $"'{n.Id}' is an enum; name one of its values: {n.Id}.{enums[n.Id].Keys.FirstOrDefault()}");
        else if (traps.ContainsKey(n.Id)) Report(SemanticDiagnostics.WrongKind, n.Span, $"'{n.Id}' is a trap; it can only be raised");
        else if (FindDecode(n.Id, s) is not null) Report(SemanticDiagnostics.NotHere, n.Span, $"the decode value '{n.Id}' is known in instructions and decode code only; pass it to the function");
        else if (!statesDeclared && declarations.Any(d => d.Declaration.Name == n.Id)) Report(SemanticDiagnostics.NotConstant, n.Span, $"'{n.Id}' is no constant known here; a constant may name constants declared before it");
        else if (fieldNames.ContainsKey(n.Id)) Report(SemanticDiagnostics.UnknownName, n.Span, $"the field name '{n.Id}' is not unique; write STATE.{n.Id}");
        else Report(SemanticDiagnostics.UnknownName, n.Span, $"'{n.Id}' is not declared{DidYouMean(n.Id, KnownNames(s))}");
        return Bad();
    }

    private IEnumerable<string> KnownNames(Scope s) => s.Operands.Keys.Concat(s.Names).Concat(states.Keys).Concat(fieldNames.Keys).Concat(model.Aliases.Keys).Concat(constants.Keys).Concat(functions.Keys)
        .Concat(spaces.Keys).Concat(memories.Keys).Concat(decodeVariables.Keys);

    /// <summary>The state an expression names, or null (nothing reported).</summary>
    private StatePlace? ResolveState(Expr e, Scope s)
    {
        switch (e)
        {
            case Expr.Name { Widths.IsEmpty: true } n:
                if (s.Find(n.Id) is not null || s.Operands.ContainsKey(n.Id)) return null;
                if (siblings.Record is { } record && record.Fields.TryGetValue(n.Id, out var sibling)) return new StatePlace(sibling, siblings.Index);
                if (states.TryGetValue(n.Id, out var node)) return new StatePlace(node, null);
                if (model.Aliases.TryGetValue(n.Id, out var alias)) return new StatePlace(states[alias.State], Folding.Const(alias.Index, 32));
                if (fieldNames.TryGetValue(n.Id, out var field) && field is not null) return new StatePlace(field, null);
                return null;
            case Expr.Member { Widths.IsEmpty: true } m when ResolveState(m.Target, s) is { } owner && FieldOf(owner.Node, m.Id) is { } part:
                return new StatePlace(part, owner.Index);
            case Expr.Index i when i.Arguments.Length == 1 && i.Target is Expr.Name or Expr.Member && ResolveState(i.Target, s) is { Index: null } array && array.Node.Count > 0:
                var v = Bind(i.Arguments[0], s, 32);
                var index = v.IsLiteral ? Typed(v, 32, i.Arguments[0].Span) : OwnWidth(v, i.Arguments[0].Span);
                if (Folding.IsConst(index, out var known) && known >= array.Node.Count)
                    Report(SemanticDiagnostics.WidthMismatch, i.Span, $"'{array.Node.Name}' has {array.Node.Count} elements; there is no element {known}");
                return new StatePlace(array.Node, index);
            default:
                return null;
        }
    }

    /// <summary>A field by name: of the state itself, else the only one of that name below its fields.</summary>
    private static StateNode? FieldOf(StateNode node, string name)
    {
        if (node.Fields.TryGetValue(name, out var own)) return own;
        var below = node.Fields.Values.SelectMany(Leaves).Where(f => f.Key == name).Select(f => f.Value).Take(2).ToList();
        return below.Count == 1 ? below[0] : null;
    }

    private Value ReadState(StatePlace place, SourceSpan span, Scope s)
    {
        s.Impure = true;
        if (s.Decoding && !stateInDecode) Report(SemanticDiagnostics.NotHere, span, "state may not be read while decoding, but in an axis' initial value");
        var node = place.Node;
        if (node.Count > 0 && place.Index is null)
        {
            Report(SemanticDiagnostics.WrongKind, span, $"'{node.Name}' is an array; index it");
            return Bad(node.Width);
        }
        if (node.Atom is not null) return Value.Of(new IrExpr.State(node.Atom, place.Index), node.Signed);
        if (node.Whole is null)
        {
            Report(SemanticDiagnostics.WrongKind, span, $"'{node.Name}' is a record; name one of its fields");
            return Bad();
        }
        var index = place.Index is null ? null : Spill(place.Index, s, "index");
        return Value.Of(Compose(node.Whole, node.Whole.Fields, node.Whole.Fixed, index), node.Signed);
    }

    /// <summary>Bit fields at their places over fixed bits.</summary>
    private static IrExpr Compose(WholeState whole, IEnumerable<StateAtom> fields, BigInteger fixedBits, IrExpr? index)
    {
        IrExpr result = Folding.Const(fixedBits, whole.Width);
        foreach (var field in fields)
        {
            var bits = Folding.Convert(IrConversion.Zext, new IrExpr.State(field, index), whole.Width);
            if (field.BitLow > 0) bits = Folding.Binary(IrBinary.Shl, bits, Folding.Const(field.BitLow, 32));
            result = Folding.Binary(IrBinary.Or, result, bits);
        }
        return result;
    }

    private Value BindFields(Expr.Fields f, Scope s)
    {
        if (ResolveState(f.Target, s) is not { Node.Whole: { } whole } place)
        {
            Report(SemanticDiagnostics.WrongKind, f.Span, "only a state with bit fields can be followed by .{...}");
            return Bad();
        }
        s.Impure = true;
        return Value.Of(Compose(whole, FieldsOf(f, place.Node), BigInteger.Zero, place.Index));
    }

    private List<StateAtom> FieldsOf(Expr.Fields f, StateNode node)
    {
        var result = new List<StateAtom>();
        foreach (var name in f.Names)
            if (node.Fields.TryGetValue(name, out var part) && part.Atom is not null) result.Add(part.Atom);
            else Report(SemanticDiagnostics.UnknownName, f.Span, $"'{node.Name}' has no field '{name}'{DidYouMean(name, node.Fields.Keys)}");
        return result;
    }

    private Value BindMember(Expr.Member m, Scope s)
    {
        if (m.Target is Expr.Name { Id: "insn" } && s.Find("insn") is null) return BindInsn(m, s);
        if (m.Target is Expr.Name e && enums.TryGetValue(e.Id, out var values))
        {
            if (values.TryGetValue(m.Id, out var value)) return value;
            Report(SemanticDiagnostics.UnknownName, m.Span, $"enum '{e.Id}' has no value '{m.Id}'{DidYouMean(m.Id, values.Keys)}");
            return Bad(enumWidths[e.Id]);
        }
        if (s.DecodeVisible && m.Target is Expr.Name f && decodeVariables.TryGetValue(f.Id + "." + m.Id, out var part)) return ReadDecode(part, s);
        if (ResolveState(m, s) is { } place) return ReadState(place, m.Span, s);
        if (ResolveState(m.Target, s) is { } owner)
            Report(SemanticDiagnostics.UnknownName, m.Span, $"'{owner.Node.Name}' has no field '{m.Id}'{DidYouMean(m.Id, owner.Node.Fields.Keys)}");
        else if (m.Target is Expr.Name t && FindDecode(t.Id, s) is not null)
        {
            if (!s.DecodeVisible) Report(SemanticDiagnostics.NotHere, m.Span, $"the decode value '{t.Id}' is known in instructions and decode code only; pass it to the function");
            else Report(SemanticDiagnostics.UnknownName, m.Span, $"'{t.Id}' has no part '{m.Id}'{DidYouMean(m.Id, decodeVariables.Keys.Where(k => k.StartsWith(t.Id + ".", StringComparison.Ordinal)).Select(k => k.Substring(t.Id.Length + 1)))}");
        }
        else
        {
            if (!Bind(m.Target, s, 0).IsError) Report(SemanticDiagnostics.WrongKind, m.Span, $"this has no field '{m.Id}'");
        }
        return Bad();
    }

    private Value BindInsn(Expr.Member m, Scope s)
    {
        if (!s.InBody && !s.Decoding)
        {
            Report(SemanticDiagnostics.NotHere, m.Span, "insn is known in instruction bodies and operands only; pass what a function needs");
            return Bad();
        }
        s.Impure = true;
        var pc = model.Atoms.FirstOrDefault(a => a.IsPc)?.Width ?? 32;
        switch (m.Id)
        {
            case "pc": return Value.Of(new IrExpr.Insn(InsnProperty.Pc, pc));
            case "next": return Value.Of(new IrExpr.Insn(InsnProperty.Next, pc));
            case "length": return Value.Of(new IrExpr.Insn(InsnProperty.Length, 8));
            case "bits": return Value.Of(new IrExpr.Insn(InsnProperty.Bits, s.Form?.WordBits > 0 ? s.Form.WordBits : 32));
            default:
                Report(SemanticDiagnostics.UnknownName, m.Span, $"insn has pc, next, length and bits, not '{m.Id}'");
                return Bad();
        }
    }

    private Value BindIndex(Expr.Index i, Scope s)
    {
        if (i.Target is Expr.Member { Id: "view" } view) return ReadView(view, i, s);
        if (i.Target is Expr.Name n && s.Find(n.Id) is null)
        {
            if (n.Id == "self")
            {
                Report(SemanticDiagnostics.NotHere, i.Span, "self is known in views only");
                return Bad();
            }
            if (memories.ContainsKey(n.Id) || spaces.ContainsKey(n.Id)) return ReadSpace(n, i.Arguments, s, i.Span);
            if (tables.TryGetValue(n.Id, out var table))
            {
                if (table.Width == 0) { Report(SemanticDiagnostics.WrongKind, i.Span, $"'{n.Id}' is a table of texts"); return Bad(); }
                var index = i.Arguments.Length == 1 ? Bind(i.Arguments[0], s, 32) : Bad();
                var bound = index.IsLiteral ? Typed(index, 32, i.Span) : OwnWidth(index, i.Span);
                return Folding.IsConst(bound, out var known)
                    ? Value.Of(Folding.Const(known < table.Values.Length ? table.Values[(int)known] : BigInteger.Zero, table.Width))
                    : Value.Of(new IrExpr.Table(table, bound));
            }
        }
        if (s.Decoding && ResolveState(i, s) is { Node.Views.Count: > 0 }) { Report(SemanticDiagnostics.NotHere, i.Span, "a register cannot be read while decoding"); return Bad(); }
        if (ResolveState(i, s) is { } place) return ReadState(place, i.Span, s);
        foreach (var argument in i.Arguments) Bind(argument, s, 0);
        if (!Bind(i.Target, s, 0).IsError) Report(SemanticDiagnostics.WrongKind, i.Span, "this cannot be indexed");
        return Bad();
    }

    private (StateNode Node, StateMember.View? View, int Width)? FindView(Expr.Member m, Scope s)
    {
        if (ResolveState(m.Target, s) is not { } owner || m.Widths.Length != 1)
        {
            Report(SemanticDiagnostics.WrongKind, m.Span, "a view is written STATE.view<width>[index]");
            return null;
        }
        var width = WidthOf(m.Widths[0], s);
        if (width == 0) return null;
        foreach (var view in owner.Node.ViewSyntax)
            if (ConstantOf(view.Width, new Scope()) == width) return (owner.Node, view, width);
        if (owner.Node.Width == width) return (owner.Node, null, width);
        Report(SemanticDiagnostics.UnknownName, m.Span, $"'{owner.Node.Name}' has no view of {width} bits");
        return null;
    }

    /// <summary>The view's expression with its index in place, as a place or value over the state.</summary>
    private T WithView<T>(Expr.Member m, Expr.Index i, Scope s, Func<Expr, StateNode, T> use, T fallback)
    {
        if (FindView(m, s) is not { } found || i.Arguments.Length != 1) return fallback;
        var target = new Expr.Name(m.Span, found.Node.Name, ImmutableArray<Expr>.Empty);
        if (found.View is null) return use(new Expr.Index(i.Span, target, i.Arguments), found.Node);
        var index = Bind(i.Arguments[0], s, 32);
        s.Push();
        var bound = index.IsLiteral ? index : Value.Of(Spill(OwnWidth(index, i.Arguments[0].Span), s, "view"));
        s.Declare(found.View.Index, new Scope.Symbol(null, bound, false));
        var result = use(ReplaceSelf(found.View.Value, target), found.Node);
        s.Pop();
        return result;
    }

    private static Expr ReplaceSelf(Expr e, Expr.Name target) => e switch
    {
        Expr.Name { Id: "self" } => target,
        Expr.Index i => i with { Target = ReplaceSelf(i.Target, target) },
        Expr.Slice sl => sl with { Target = ReplaceSelf(sl.Target, target) },
        Expr.Conditional c => c with { WhenTrue = ReplaceSelf(c.WhenTrue, target), WhenFalse = ReplaceSelf(c.WhenFalse, target) },
        _ => e,
    };

    private Value ReadView(Expr.Member m, Expr.Index i, Scope s) => WithView(m, i, s, (e, _) => Bind(e, s, 0), Bad());
}
