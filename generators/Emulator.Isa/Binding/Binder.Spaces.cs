using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private int mapDepth;

    private Value ReadSpace(Expr.Name n, ImmutableArray<Expr> arguments, Scope s, SourceSpan span)
    {
        s.Impure = true;
        if (s.Decoding) { Report(SemanticDiagnostics.NotHere, span, "memory may not be read while decoding"); return Bad(); }
        if (spaces.TryGetValue(n.Id, out var space) && space.At is null)
        {
            if (SpaceAccess(space, n, arguments, s, span, write: false) is not { } call) return Bad();
            return CallFunction(call.Function, call.Arguments, span, s);
        }
        if (Address(n, arguments, s, span, write: false) is not { } at) return Bad();
        var result = s.Fresh("m", at.Width);
        s.Output.Add(new IrStmt.Load(span, result, at.Memory, at.Address, at.Mode) { Mapped = IsMapped(n) });
        return Value.Of(new IrExpr.Local(result));
    }

    private void WriteSpace(Expr.Name n, ImmutableArray<Expr> arguments, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        s.Impure = true;
        if (spaces.TryGetValue(n.Id, out var space) && space.At is null)
        {
            if (SpaceAccess(space, n, arguments, s, span, write: true) is not { } call) return;
            s.Output.Add(new IrStmt.Call(span, ImmutableArray<IrLocal?>.Empty, call.Function, call.Arguments.Add(Typed(value, call.Function.Parameters[call.Function.Parameters.Length - 1].Width, valueSpan))));
            return;
        }
        if (Address(n, arguments, s, span, write: true) is { } at)
            s.Output.Add(new IrStmt.Store(span, at.Memory, at.Address, Typed(value, at.Width, valueSpan), at.Mode) { Mapped = IsMapped(n) });
    }

    /// <summary>Resolves a memory element, through address maps, to a memory, an address and a width.</summary>
    private (MemorySpec Memory, int Width, IrExpr Address, IrExpr? Mode)? Address(Expr.Name n, ImmutableArray<Expr> arguments, Scope s, SourceSpan span, bool write)
    {
        if (n.Widths.Length != 1)
        {
            Report(SemanticDiagnostics.WidthArguments, span, $"say how many bits: {n.Id}<32>[...]");
            return null;
        }
        var width = WidthOf(n.Widths[0], s);
        if (memories.TryGetValue(n.Id, out var memory))
        {
            if (arguments.Length is < 1 or > 2) { Report(SemanticDiagnostics.WrongArguments, span, $"'{n.Id}' takes an address and, when paged, an optional mode"); return null; }
            if (width % 8 != 0) Report(SemanticDiagnostics.WidthArguments, span, "memory is accessed in whole bytes");
            var address = BindTyped(arguments[0], s, memory.AddressWidth);
            return (memory, width, address, arguments.Length == 2 ? BindTyped(arguments[1], s, 1) : null);
        }
        if (!spaces.TryGetValue(n.Id, out var space) || mapDepth > 20)
        {
            Report(SemanticDiagnostics.WrongKind, n.Span, mapDepth > 20 ? "address maps lead to each other without end" : $"'{n.Id}' is not a memory or an address map{DidYouMean(n.Id, memories.Keys.Concat(spaces.Keys))}");
            return null;
        }
        if (arguments.Length != space.Parameters.Length || space.Widths.Length != 1)
        {
            Report(SemanticDiagnostics.WrongArguments, span, $"'{n.Id}' takes {Count(space.Parameters.Length, "argument")}, not {arguments.Length}");
            return null;
        }
        if (space.At is not Expr.Index { Target: Expr.Name target } at) { Report(SemanticDiagnostics.WrongKind, space.Span, "an address map leads to an element of a memory: at M[...]"); return null; }
        // The map's expression sees its parameters only; it runs as part of this body.
        var inner = new Scope { InBody = false };
        inner.Widths[space.Widths[0]] = width;
        for (var i = 0; i < arguments.Length; i++)
        {
            var type = BitsOf(space.Parameters[i].Type, inner);
            inner.Declare(space.Parameters[i].Name, new Scope.Symbol(null, Value.Of(Spill(BindTyped(arguments[i], s, type.Width), s, space.Parameters[i].Name), type.Signed), false));
        }
        inner.Declare("access", new Scope.Symbol(null, Value.Of(Folding.Const(write ? 1 : 0, 2)), false));
        var before = s.Output.Count;
        mapDepth++;
        var resolved = WithNames(s, inner, () => Address(target with { Widths = target.Widths.IsEmpty ? ImmutableArray.Create<Expr>(new Expr.Number(span, width)) : target.Widths }, at.Arguments, inner, span, write));
        mapDepth--;
        // What computes the address is the relocation map.
        (asked ?? others).Maps.Add($"{n.Id}<{width}>");
        for (var i = before; i < s.Output.Count; i++)
            IrTree.Visit(s.Output[i], x => { if (x is IrStmt.Call call) call.Function.IsAddressMap = true; }, x => { if (x is IrExpr.Call call) call.Function.IsAddressMap = true; });
        if (resolved is { } place) IrTree.Visit(place.Address, x => { if (x is IrExpr.Call call) call.Function.IsAddressMap = true; });
        return resolved;
    }

    /// <summary>Whether a memory is reached through an address map.</summary>
    private bool IsMapped(Expr.Name n) => spaces.ContainsKey(n.Id);

    /// <summary>Binds in an inner scope whose statements and fresh names belong to the outer one.</summary>
    private T WithNames<T>(Scope outer, Scope inner, Func<T> bind)
    {
        inner.Output = outer.Output;
        inner.ShareNames(outer);
        var result = bind();
        outer.Impure |= inner.Impure;
        return result;
    }

    /// <summary>The read or write procedure of a procedural space.</summary>
    private (IrFunction Function, ImmutableArray<IrExpr> Arguments)? SpaceAccess(Decl.Space space, Expr.Name n, ImmutableArray<Expr> arguments, Scope s, SourceSpan span, bool write)
    {
        if (arguments.Length != space.Parameters.Length || n.Widths.Length != space.Widths.Length)
        {
            Report(SemanticDiagnostics.WrongArguments, span, $"'{n.Id}' takes {Count(space.Parameters.Length, "argument")} and {Count(space.Widths.Length, "width")}");
            return null;
        }
        var body = write ? space.Write : space.Read;
        if (body is null || space.Type is null)
        {
            Report(SemanticDiagnostics.NotAPlace, span, $"'{n.Id}' cannot be {(write ? "written" : "read")}");
            return null;
        }
        var scope = new Scope();
        for (var i = 0; i < n.Widths.Length; i++) scope.Widths[space.Widths[i]] = WidthOf(n.Widths[i], s);
        var values = arguments.Select((a, i) => BindTyped(a, s, BitsOf(space.Parameters[i].Type, scope).Width)).ToImmutableArray();
        var key = space.Widths.Aggregate(space.Name + (write ? "_write" : "_read"), (k, w) => k + "_" + scope.Widths[w]);
        Ask(key);
        if (instances.TryGetValue(key, out var existing))
        {
            NoteRecursion(existing);
            return (existing, values);
        }
        var parameters = space.Parameters;
        if (write) parameters = parameters.Add(new Parameter(space.Span, space.WriteParameter ?? "value", space.Type));
        scope.Results = write ? ImmutableArray<(string, int)>.Empty : ResultsOf(space.Type, scope);
        var function = new IrFunction(key, DeclareParameters(parameters, scope), scope.Results.Value, space.Span);
        bindings.Impure.Add(function);
        BindFunctionBody(function, null, body, scope);
        bindings.Impure.Add(function);
        return (function, values);
    }

    private Value ReadOperand(OperandUse operand, Scope s, SourceSpan span)
    {
        s.Impure = true;
        var a = operand.Alternative;
        switch (a.Class)
        {
            case OperandClass.Register: return Value.Of(new IrExpr.Ref(a.Slot!, operand.Model.Width));
            case OperandClass.Value: return Value.Of(a.DecodeValue is IrExpr.Const k ? k : new IrExpr.Decode(a.Slot!), a.Slot!.Signed);
        }
        if (operand.Cached is not null) return Value.Of(new IrExpr.Local(operand.Cached));
        var value = WithOperandScope(operand, s, inner => Bind(operand.Syntax, inner, 0));
        // Only a read that every later one follows can be reused.
        if (s.Depth == 0 && value.Expr is IrExpr.Local { Variable: { } local }) operand.Cached = local;
        return value;
    }

    /// <summary>Binds in the operand's production: its widths, decode values and state, not the body's names.</summary>
    private T WithOperandScope<T>(OperandUse operand, Scope s, Func<Scope, T> bind)
    {
        var inner = new Scope { DecodeVisible = true, InBody = true, Form = s.Form };
        foreach (var w in operand.Widths) inner.Widths[w.Key] = w.Value;
        foreach (var axis in s.Axes) inner.Axes[axis.Key] = axis.Value;
        return WithNames(s, inner, () => bind(inner));
    }

    private void WriteOperand(OperandUse operand, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        s.Impure = true;
        var typed = Typed(value, operand.Model.Width, valueSpan);
        switch (operand.Alternative.Class)
        {
            case OperandClass.Register:
                s.Output.Add(new IrStmt.WriteRef(span, operand.Alternative.Slot!, typed));
                return;
            case OperandClass.Value:
                Report(SemanticDiagnostics.NotAPlace, span, $"the operand '{operand.Model.Name}' is a value ({operand.Model.Kind}); it cannot be assigned");
                return;
        }
        if (operand.Access is not null)
        {
            s.Output.Add(new IrStmt.StoreBack(span, operand.Access, typed));
            return;
        }
        WithOperandScope(operand, s, inner => { Assign(operand.Syntax, Value.Of(typed), inner, span, valueSpan); return 0; });
    }

    /// <summary>Reads a memory operand that the body also writes: one access, write rights checked first.</summary>
    private void BeginModify(OperandUse operand, Scope s)
    {
        WithOperandScope(operand, s, inner =>
        {
            if (operand.Syntax is not Expr.Index { Target: Expr.Name n } index || (spaces.TryGetValue(n.Id, out var space) && space.At is null)) return 0;
            if (Address(n, index.Arguments, inner, index.Span, write: true) is not { } at) return 0;
            operand.Access = new IrAccess("a_" + operand.Model.Name, at.Memory, at.Width);
            operand.Cached = s.Fresh(operand.Model.Name, at.Width);
            s.Output.Add(new IrStmt.LoadForWrite(index.Span, operand.Cached, operand.Access, at.Address, at.Mode) { Mapped = IsMapped(n) });
            return 0;
        });
    }
}
