using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private readonly Dictionary<string, DecodeVariable> decodeVariables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DecodeItem.Width> decodeWidths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DecodeItem.Value> decodeValues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DecodeItem.Operand> productions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DecodeItem.Text> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DecodeItem.Format Item, ImmutableArray<DecodeVariable> Fields)> formats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DecodeVariable> defaults = new(StringComparer.Ordinal);
    private bool stateInDecode;

    /// <summary>Items of every decode block; a chapter may add some in a block of its own.</summary>
    private IEnumerable<DecodeItem> DecodeItems => Each<Decl.Decode>().SelectMany(d => d.Items);

    private void BindDecode()
    {
        var root = Each<Decl.Decode>().FirstOrDefault(d => d.CodeAddress.Length > 0 || d.FetchMemory.Length > 0) ?? Each<Decl.Decode>().FirstOrDefault();
        if (root is null) return;
        if (root.CodeAddress.Length == 0 && root.FetchMemory.Length == 0)
        {
            Report(SemanticDiagnostics.MissingDeclaration, root.Span, "no decode block says where instructions are fetched from: decode ... fetch MEMORY by FUNCTION { ... }");
            model.Decode.Words = root.Words;
            DeclareDecodeVariables();
            return;
        }
        foreach (var other in Each<Decl.Decode>())
        {
            if (other.Words != root.Words) Report(SemanticDiagnostics.BadFormat, other.Span, "an encoding is of bytes or of words, in every decode block");
            if (other != root && other.CodeAddress.Length > 0) Report(SemanticDiagnostics.DuplicateName, other.Span, "only one decode block says where instructions are fetched from; others add to it: decode words { ... }");
        }
        var decode = model.Decode;
        decode.Words = root.Words;
        decode.MaxLength = root.MaxLength is null ? 0 : ConstantOf(root.MaxLength, new Scope(), 1, 64, "the greatest length of an instruction in bytes");
        if (!root.Words && root.MaxLength is null) Report(SemanticDiagnostics.MissingDeclaration, root.Span, "a byte encoding has a greatest length: decode bytes max N else TRAP() ...");
        DeclareDecodeVariables();
        var scope = DecodeScope();
        if (root.TooLong is not null && TrapArguments(root.TooLong, scope) is { } otherwise)
        {
            var reject = new IrStmt.Reject(root.TooLong.Span, otherwise.Trap, otherwise.Arguments);
            // Words are never too long: there 'else' says what words without a form do.
            if (root.Words) decode.NoMatch = reject;
            else decode.TooLong = reject;
        }
        if (memories.TryGetValue(root.FetchMemory, out var fetch)) decode.FetchMemory = fetch;
        else Report(SemanticDiagnostics.UnknownName, root.Span, $"instructions are fetched from '{root.FetchMemory}', which is not a memory{DidYouMean(root.FetchMemory, memories.Keys)}");
        if (functions.TryGetValue(root.CodeAddress, out var address)) decode.CodeAddress = Instantiate(address, new Dictionary<string, int>(), root.Span);
        else Report(SemanticDiagnostics.UnknownName, root.Span, $"the code-address function '{root.CodeAddress}' is not declared{DidYouMean(root.CodeAddress, functions.Keys)}");
        foreach (var item in DecodeItems) BindDecodeItem(item);
        if (decode.Words) decode.MaxLength = Math.Max(1, formats.Values.Select(f => f.Item.Size / 8).DefaultIfEmpty(4).Max());
    }

    private Scope DecodeScope(FormModel? form = null) => new() { Decoding = true, DecodeVisible = true, Form = form };

    private void DeclareDecodeVariables()
    {
        foreach (var item in DecodeItems)
        {
            switch (item)
            {
                case DecodeItem.Axis a:
                    var axis = AddVariable(new DecodeVariable(a.Name, DecodeVariableKind.Axis, 8) { AxisValues = a.Values }, a.Name, a.Span);
                    if (a.Values.Any(v => v < 0 || v > 255)) Report(SemanticDiagnostics.LiteralTooLarge, a.Span, "the values of an axis are 0 to 255");
                    axis.AxisValues = a.Values;
                    break;
                case DecodeItem.Variable v:
                    var (width, signed) = BitsOf(v.Type, new Scope());
                    AddVariable(new DecodeVariable(v.Name, DecodeVariableKind.Variable, width) { Signed = signed, IsRef = v.Type is TypeSyntax.Ref }, v.Name, v.Span);
                    break;
                case DecodeItem.Field f:
                    DeclareField(f);
                    break;
                case DecodeItem.Attribute a:
                    AddVariable(new DecodeVariable(a.Name, DecodeVariableKind.Attribute, 1), a.Name, a.Span);
                    break;
                case DecodeItem.Width w: Declare(decodeWidths, w.Name, w, w.Span); break;
                case DecodeItem.Value v: Declare(decodeValues, v.Name, v, v.Span); break;
                case DecodeItem.Operand o: Declare(productions, o.Name, o, o.Span); break;
                case DecodeItem.Text t: Declare(texts, t.Name, t, t.Span); break;
                case DecodeItem.Format f: DeclareFormat(f); break;
            }
        }
    }

    private DecodeVariable AddVariable(DecodeVariable variable, string key, SourceSpan span)
    {
        if (Declare(decodeVariables, key, variable, span)) model.Decode.Variables.Add(variable);
        return variable;
    }

    private void DeclareField(DecodeItem.Field f)
    {
        var (width, _) = BitsOf(f.Type, new Scope());
        if (f.Plus && width > 8) Report(SemanticDiagnostics.OutOfRange, f.Span, $"a field in an opcode byte has 1 to 8 bits, not {width}");
        var field = AddVariable(new DecodeVariable(f.Name, f.Plus ? DecodeVariableKind.Plus : DecodeVariableKind.Field, width), f.Name, f.Span);
        if (f.IsAxis) field.AxisValues = Enumerable.Range(0, 1 << Math.Min(width, 8)).Select(i => new BigInteger(i)).ToImmutableArray();
        foreach (var p in f.Parts)
        {
            if (p.High < p.Low || p.High >= width) { Report(SemanticDiagnostics.BadFormat, p.Span, $"part '{p.Name}' lies outside the {width} bits of '{f.Name}'"); continue; }
            var part = AddVariable(new DecodeVariable(f.Name + "_" + p.Name, DecodeVariableKind.Part, p.High - p.Low + 1) { Field = field, LowBit = p.Low }, f.Name + "." + p.Name, p.Span);
            if (p.Name == f.SlashField) field.SlashPart = part;
        }
        if (f.SlashField is null) return;
        if (field.SlashPart is null) Report(SemanticDiagnostics.UnknownName, f.Span, $"'{f.Name}' has no part '{f.SlashField}'");
        if (model.Decode.SlashField is not null) Report(SemanticDiagnostics.DuplicateName, f.Span, "only one field can be the slash field");
        model.Decode.SlashField = field;
    }

    private void DeclareFormat(DecodeItem.Format f)
    {
        var fields = ImmutableArray.CreateBuilder<DecodeVariable>();
        var covered = BigInteger.Zero;
        if (f.Size % 8 != 0 || f.Size is < 8 or > 64) Report(SemanticDiagnostics.OutOfRange, f.Span, $"the size of a format is 8 to 64 bits, a multiple of 8, not {f.Size}");
        foreach (var field in f.Fields)
        {
            foreach (var (high, low) in field.Pieces)
            {
                if (high < low || high >= f.Size) { Report(SemanticDiagnostics.BadFormat, field.Span, $"bits {high}:{low} lie outside the {f.Size} bits of format '{f.Name}'"); continue; }
                var mask = Folding.Mask(high - low + 1) << low;
                if ((covered & mask) != 0) Report(SemanticDiagnostics.BadFormat, field.Span, $"field '{field.Name}' overlaps another field of format '{f.Name}'");
                covered |= mask;
            }
            var width = field.Pieces.Sum(p => Math.Max(1, p.High - p.Low + 1)) + field.ShiftLeft;
            var type = field.Type is null ? (Width: width, Signed: false) : BitsOf(field.Type, new Scope());
            if (width > 128) Report(SemanticDiagnostics.OutOfRange, field.Span, $"the width of a field is 1 to 128 bits, not {width}");
            else if (type.Width != width) Report(SemanticDiagnostics.BadFormat, field.Span, $"field '{field.Name}' is {width} bits wide, its type says {type.Width}");
            fields.Add(new DecodeVariable(f.Name + "_" + field.Name, DecodeVariableKind.FormatField, width) { Signed = type.Signed, Pieces = field.Pieces, ShiftLeft = field.ShiftLeft });
        }
        if (covered != Folding.Mask(f.Size)) Report(SemanticDiagnostics.BadFormat, f.Span, $"the fields of format '{f.Name}' leave bits uncovered: mask 0x{Folding.Mask(f.Size) ^ covered:X}");
        Declare(formats, f.Name, (f, fields.ToImmutable()), f.Span);
    }

    private void BindDecodeItem(DecodeItem item)
    {
        var decode = model.Decode;
        switch (item)
        {
            case DecodeItem.Axis a when decodeVariables.TryGetValue(a.Name, out var axis):
                stateInDecode = true;
                axis.Initial = BindTyped(a.Initial, DecodeScope(), axis.Width);
                stateInDecode = false;
                break;
            case DecodeItem.Variable { Initial: { } initial } v when decodeVariables.TryGetValue(v.Name, out var variable):
                variable.Initial = variable.IsRef ? BindRef(initial, DecodeScope(), variable.Width) : BindTyped(initial, DecodeScope(), variable.Width);
                break;
            case DecodeItem.Prefix p:
                foreach (var b in p.Bytes)
                {
                    if (decode.Prefixes.ContainsKey(b)) Report(SemanticDiagnostics.DuplicateName, p.Span, $"prefix {b:X2} is declared twice");
                    decode.Prefixes[b] = DecodeBlock(p.Body);
                }
                break;
            case DecodeItem.Procedure p:
                if (decode.Procedures.ContainsKey(p.Name)) Report(SemanticDiagnostics.DuplicateName, p.Span, $"'{p.Name}' is already declared");
                decode.Procedures[p.Name] = DecodeBlock(p.Body);
                break;
            case DecodeItem.Reject r:
                var scope = DecodeScope();
                if (TrapArguments(r.Trap, scope) is { } trap) decode.Rejects.Add((BindTyped(r.When, scope, 1), new IrStmt.Reject(r.Span, trap.Trap, trap.Arguments)));
                break;
        }
    }

    private IrStmt.Block DecodeBlock(Stmt.Block body)
    {
        var scope = DecodeScope();
        BindBlock(body, scope);
        return BlockOf(scope.Output, body.Span);
    }

    private DecodeVariable? FindDecode(string name, Scope s)
    {
        if (s.Form is { FormatFields.IsEmpty: false } form)
            foreach (var field in form.FormatFields)
                if (field.Name == form.FormatName + "_" + name) return field;
        return decodeVariables.TryGetValue(name, out var variable) ? variable : null;
    }

    private DecodeVariable DefaultOf(DecodeVariable axis)
    {
        if (defaults.TryGetValue(axis.Name, out var existing)) return existing;
        var variable = new DecodeVariable("default_" + axis.Name, DecodeVariableKind.Variable, axis.Width) { Initial = axis.Initial };
        defaults[axis.Name] = variable;
        model.Decode.Variables.Add(variable);
        pendingBodies.Add(() => variable.Initial = axis.Initial);
        return variable;
    }

    private Value ReadDecode(DecodeVariable variable, Scope s)
    {
        s.Impure = true;
        if (!variable.AxisValues.IsEmpty)
        {
            if (s.Axes.TryGetValue(variable, out var known)) return variable.Kind == DecodeVariableKind.Axis ? Value.Of(known) : Value.Of(Folding.Const(known, variable.Width));
            if (!s.Decoding) throw new AxisNeeded(variable);
        }
        if (variable.Kind == DecodeVariableKind.Attribute && s.Form is not null) return Value.Of(Folding.Bool(s.Form.Attributes.Contains(variable)));
        if (variable.IsRef) return s.Decoding ? Value.Of(new IrExpr.HasRef(variable)) : Value.Of(new IrExpr.Ref(variable, variable.Width));
        return Value.Of(new IrExpr.Decode(variable), variable.Signed);
    }

    private Value BindDecodeValue(DecodeItem.Value value, Expr.Name n, Scope s)
    {
        if (n.Widths.Length != value.Widths.Length)
        {
            Report(SemanticDiagnostics.WidthArguments, n.Span, $"'{value.Name}' takes {Count(value.Widths.Length, "width argument")}");
            return Bad();
        }
        var inner = new Scope { DecodeVisible = true, InBody = s.InBody, Decoding = s.Decoding, Form = s.Form };
        foreach (var axis in s.Axes) inner.Axes[axis.Key] = axis.Value;
        for (var i = 0; i < n.Widths.Length; i++) inner.Widths[value.Widths[i]] = WidthOf(n.Widths[i], s);
        var (width, signed) = BitsOf(value.Type, inner);
        return Value.Of(WithNames(s, inner, () => BindTyped(value.Expression, inner, width)), signed);
    }

    /// <summary>A reference to a register: a view's element, another reference, a selection, or none.</summary>
    private IrExpr BindRef(Expr e, Scope s, int width)
    {
        switch (e)
        {
            case Expr.Name { Id: "none" }: return new IrExpr.MakeRef(null, null, width);
            case Expr.Name n when FindDecode(n.Id, s) is { IsRef: true } variable: return new IrExpr.Decode(variable);
            case Expr.Conditional c:
                var condition = BindTyped(c.Condition, s, 1);
                if (Folding.IsConst(condition, out var known)) return BindRef(known.IsZero ? c.WhenFalse : c.WhenTrue, s, width);
                return new IrExpr.Select(condition, BindRef(c.WhenTrue, s, width), BindRef(c.WhenFalse, s, width));
            default:
                if (Register(e, s) is { } register)
                {
                    if (register.View.Width != width) Report(SemanticDiagnostics.WidthMismatch, e.Span, $"a register of {width} bits is needed, this has {register.View.Width}");
                    return new IrExpr.MakeRef(register.View, register.Index, register.View.Width);
                }
                Report(SemanticDiagnostics.WrongKind, e.Span, "a register is needed here: an element of a view, or none");
                return new IrExpr.MakeRef(null, null, width);
        }
    }

    /// <summary>The view and index a register expression names, or null.</summary>
    private (StateView View, IrExpr Index)? Register(Expr e, Scope s)
    {
        if (e is Expr.Index { Target: Expr.Member { Id: "view" } m } i && i.Arguments.Length == 1)
        {
            if (FindView(m, s) is not { } found) return null;
            var view = found.Node.Views.FirstOrDefault(v => v.Width == found.Width);
            return view is null ? null : (view, IndexOf(i.Arguments[0], s));
        }
        if (e is Expr.Index { Target: Expr.Name a } x && x.Arguments.Length == 1 && s.Find(a.Id) is null && states.TryGetValue(a.Id, out var node) && node.Views.FirstOrDefault(v => v.Width == node.Width) is { } whole)
            return (whole, IndexOf(x.Arguments[0], s));
        if (e is Expr.Name n && s.Find(n.Id) is null && model.Aliases.TryGetValue(n.Id, out var alias) && states[alias.State].Views.FirstOrDefault(v => v.Width == states[alias.State].Width) is { } named)
            return (named, Folding.Const(alias.Index, 32));
        return null;
    }

    private IrExpr IndexOf(Expr e, Scope s)
    {
        var v = Bind(e, s, 32);
        return v.IsLiteral ? Typed(v, 32, e.Span) : OwnWidth(v, e.Span);
    }

    private void AssignDecode(DecodeVariable variable, Value value, Scope s, SourceSpan span, SourceSpan valueSpan)
    {
        if (variable.IsRef || variable.Kind is DecodeVariableKind.Attribute or DecodeVariableKind.Part)
        {
            Report(SemanticDiagnostics.NotAPlace, span, $"'{variable.Name}' cannot be assigned this way");
            return;
        }
        s.Output.Add(new IrStmt.SetDecode(span, variable, Typed(value, variable.Width, valueSpan)));
    }
}
