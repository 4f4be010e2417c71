using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private readonly List<(StateAtom Atom, Stmt.Block Body)> onWrites = new();
    private readonly List<(StateAtom Atom, Expr Formula, StateNode? Record)> derived = new();

    /// <summary>Whether names of states are known; until then only constants are bound.</summary>
    private bool statesDeclared;

    private void DeclareStates()
    {
        statesDeclared = true;
        foreach (var (declaration, _) in declarations)
        {
            if (declaration is Decl.State s) DeclareState(s);
            else if (declaration is Decl.Derived d)
            {
                var node = new StateNode(d.Name, BitsOf(d.Type, new Scope()).Width, 0);
                AddAtom(node, StateAttributes.None with { Hidden = true }, d.Span);
                if (Declare(states, d.Name, node, d.Span)) derived.Add((node.Atom!, d.Value, null));
            }
        }
        foreach (var alias in model.Aliases)
        {
            var place = places[(model.Aliases, alias.Key)];
            if (states.ContainsKey(alias.Key)) Report(SemanticDiagnostics.DuplicateName, place, $"the register name '{alias.Key}' is a state's name too", places[(states, alias.Key)]);
            else if (fieldNames.TryGetValue(alias.Key, out var field) && field?.Atom is { } atom) Report(SemanticDiagnostics.DuplicateName, place, $"the register name '{alias.Key}' is a field's name too", atom.Span);
        }
        foreach (var g in Each<Decl.Group>())
        {
            var group = new DeferredGroup(g.Name);
            if (g.Fields is Expr.Fields f && f.Target is Expr.Name n && states.TryGetValue(n.Id, out var state))
                foreach (var field in f.Names)
                {
                    if (!state.Fields.TryGetValue(field, out var part) || part.Atom is null) { Report(SemanticDiagnostics.UnknownName, g.Span, $"'{n.Id}' has no field '{field}'{DidYouMean(field, state.Fields.Keys)}"); continue; }
                    part.Atom.Group = group;
                    part.Atom.GroupIndex = group.Fields.Count;
                    group.Fields.Add(part.Atom);
                }
            else Report(SemanticDiagnostics.WrongKind, g.Span, "a group lists fields of one state: NAME.{A B}");
            if (Declare(groups, g.Name, group, g.Span)) model.Groups.Add(group);
        }
    }

    private void DeclareState(Decl.State s)
    {
        var count = s.Count is null ? 0 : ConstantOf(s.Count, new Scope(), 1, 65536, "the number of elements");
        StateNode node;
        if (s.Type is TypeSyntax.Record record)
        {
            node = new StateNode(s.Name, 0, count);
            foreach (var f in record.Fields) DeclareField(node, f, s.Attributes, count);
        }
        else node = DeclareValue(s.Name, s.Type, s.Attributes, s.Members, count, s.Span);
        if (!Declare(states, s.Name, node, s.Span)) return;
        for (var i = 0; i < s.Attributes.Names.Length; i++) Declare(model.Aliases, s.Attributes.Names[i], (s.Name, i), s.Span);
        if (s.Attributes.Names.Length > Math.Max(1, count)) Report(SemanticDiagnostics.WrongArguments, s.Span, $"'{s.Name}' has {count} elements but {s.Attributes.Names.Length} names");
        foreach (var field in Leaves(node)) fieldNames[field.Key] = fieldNames.ContainsKey(field.Key) || count > 0 ? null : field.Value;
    }

    private static IEnumerable<KeyValuePair<string, StateNode>> Leaves(StateNode node) => node.Fields.Concat(node.Fields.Values.SelectMany(Leaves));

    private void DeclareField(StateNode owner, RecordField f, StateAttributes inherited, int count)
    {
        var attributes = Merge(inherited, f.Attributes);
        var node = DeclareValue(owner.Name + "." + f.Name, f.Type, attributes, f.Members, count, f.Span);
        Declare(owner.Fields, f.Name, node, f.Span);
        owner.Fields[f.Name] = node;
        if (f.Derived is not null && node.Atom is not null) derived.Add((node.Atom, f.Derived, owner));
    }

    private static StateAttributes Merge(StateAttributes outer, StateAttributes inner) => inner with
    {
        Hidden = inner.Hidden || outer.Hidden,
        Keep = inner.Keep || outer.Keep,
        Role = inner.Role ?? outer.Role,
        Reset = inner.Reset ?? outer.Reset,
        OnWrite = inner.OnWrite ?? outer.OnWrite,
    };

    private StateNode DeclareValue(string name, TypeSyntax type, StateAttributes attributes, ImmutableArray<StateMember> members, int count, SourceSpan span)
    {
        var bits = BitsOf(type, new Scope());
        var node = new StateNode(name, bits.Width, count) { Signed = bits.Signed };
        var reset = attributes.Reset is null ? BigInteger.Zero : ConstantOf(attributes.Reset, new Scope()) & Folding.Mask(bits.Width);
        var fields = members.OfType<StateMember.BitField>().ToList();
        if (fields.Count == 0)
        {
            AddAtom(node, attributes, span).Reset = reset;
        }
        else
        {
            var whole = new WholeState(name, bits.Width, count);
            node.Whole = whole;
            model.Wholes.Add(whole);
            var covered = BigInteger.Zero;
            foreach (var f in fields)
            {
                if (f.High < f.Low || f.High >= bits.Width) { Report(SemanticDiagnostics.BadFormat, f.Span, $"field '{f.Name}' at {f.High}:{f.Low} lies outside the {bits.Width} bits of '{name}'"); continue; }
                var part = new StateNode(name + "." + f.Name, f.High - f.Low + 1, count);
                var mask = Folding.Mask(part.Width) << f.Low;
                if ((covered & mask) != 0) Report(SemanticDiagnostics.BadFormat, f.Span, $"field '{f.Name}' overlaps another field of '{name}'");
                covered |= mask;
                var atom = AddAtom(part, Merge(attributes with { Reset = null }, f.Attributes), f.Span);
                atom.BitLow = f.Low;
                atom.Whole = whole;
                atom.Reset = f.Attributes.Reset is null ? (reset >> f.Low) & Folding.Mask(part.Width) : ConstantOf(f.Attributes.Reset, new Scope());
                whole.Fields.Add(atom);
                Declare(node.Fields, f.Name, part, f.Span);
            }
            whole.Fixed = reset & ~covered & Folding.Mask(bits.Width);
        }
        foreach (var member in members)
        {
            if (member is StateMember.View view) node.ViewSyntax.Add(view);
            else if (member is StateMember.HardWired wired && node.Atom is not null)
            {
                if (ConstantOf(wired.Value, new Scope()) != 0) Report(SemanticDiagnostics.WrongKind, wired.Span, "a hard-wired element is 0");
                node.Atom.HardWiredZero = ConstantOf(wired.Index, new Scope(), 0, Math.Max(0, count - 1), "the index of an element");
            }
        }
        return node;
    }

    private StateAtom AddAtom(StateNode node, StateAttributes attributes, SourceSpan span)
    {
        var atom = new StateAtom(node.Name, node.Width, node.Count, span)
        {
            Index = model.Atoms.Count, Role = attributes.Role, IsPc = attributes.Pc, Hidden = attributes.Hidden, Keep = attributes.Keep,
        };
        node.Atom = atom;
        model.Atoms.Add(atom);
        if (attributes.OnWrite is not null) onWrites.Add((atom, attributes.OnWrite));
        return atom;
    }

    /// <summary>Views, derived formulas and on-write code: they may name anything, so they are bound when all names are known.</summary>
    private void BindStateParts()
    {
        foreach (var node in states.Values.SelectMany(n => new[] { n }.Concat(Leaves(n).Select(p => p.Value))).Where(n => n.Atom is not null)) BindViews(node);
        foreach (var (atom, body) in onWrites)
        {
            var scope = new Scope { Results = ImmutableArray<(string, int)>.Empty };
            var function = new IrFunction("Written_" + atom.Identifier, IndexParameter(atom, scope), ImmutableArray<(string, int)>.Empty, body.Span);
            pendingBodies.Add(() => { BindBlock(body, scope); function.Body = BlockOf(scope.Output, body.Span); });
            atom.OnWrite = function;
        }
        foreach (var (atom, formula, record) in derived)
        {
            var scope = new Scope { Results = ImmutableArray.Create(("", atom.Width)) };
            var parameters = IndexParameter(atom, scope);
            var function = new IrFunction("Derive_" + atom.Identifier, parameters, ImmutableArray.Create(("", atom.Width)), formula.Span);
            atom.Derived = function;
            pendingBodies.Add(() =>
            {
                siblings = (record, parameters.Length > 0 ? new IrExpr.Local(parameters[0]) : null);
                var value = Typed(Bind(formula, scope, atom.Width), atom.Width, formula.Span);
                siblings = default;
                scope.Output.Add(new IrStmt.Return(formula.Span, ImmutableArray.Create(value)));
                function.Body = BlockOf(scope.Output, formula.Span);
            });
        }
    }

    private readonly List<Action> pendingBodies = new();
    private (StateNode? Record, IrExpr? Index) siblings;

    private static ImmutableArray<IrLocal> IndexParameter(StateAtom atom, Scope scope) =>
        atom.IsArray ? ImmutableArray.Create(scope.Fresh("index", 32)) : ImmutableArray<IrLocal>.Empty;

    private void BindViews(StateNode node)
    {
        foreach (var view in node.ViewSyntax)
        {
            var width = WidthOf(view.Width, new Scope());
            if (width == 0) continue;
            var names = view.Names;
            var count = Math.Max(node.Count, names.Length);
            var elements = ImmutableArray.CreateBuilder<(int, int)>();
            for (var i = 0; i < count; i++)
            {
                var element = ViewElement(view.Value, view.Index, i, node);
                if (element is null || element.Value.Width != width || width is not (8 or 16 or 32 or 64 or 128) || element.Value.Low % 8 != 0 || element.Value.Register >= node.Count)
                {
                    Report(SemanticDiagnostics.BadView, view.Span, $"element {i} of the view is not {width} bits on a byte boundary of one element of '{node.Name}'");
                    return;
                }
                elements.Add((element.Value.Register, element.Value.Low));
            }
            if (names.IsEmpty) names = Enumerable.Range(0, count).Select(i => node.Name.ToLowerInvariant() + i).ToImmutableArray();
            AddView(node, width, elements.ToImmutable(), names);
        }
        if (node.Count > 0 && node.Atom is not null && node.Atom.Width is 8 or 16 or 32 or 64 or 128 && node.Views.All(v => v.Width != node.Width))
        {
            var aliases = model.Aliases.Where(a => a.Value.State == node.Name).ToDictionary(a => a.Value.Index, a => a.Key.ToLowerInvariant());
            AddView(node, node.Width, Enumerable.Range(0, node.Count).Select(i => (i, 0)).ToImmutableArray(),
                Enumerable.Range(0, node.Count).Select(i => aliases.TryGetValue(i, out var n) ? n : node.Name.ToLowerInvariant() + i).ToImmutableArray());
        }
    }

    private void AddView(StateNode node, int width, ImmutableArray<(int, int)> elements, ImmutableArray<string> names)
    {
        var view = new StateView(node.Atom!, width, elements, names, model.Views.Count);
        node.Views.Add(view);
        model.Views.Add(view);
    }

    /// <summary>Which bits of which register a view's expression denotes for a known index.</summary>
    private (int Register, int Low, int Width)? ViewElement(Expr e, string index, int i, StateNode node)
    {
        var scope = new Scope();
        scope.Declare(index, new Scope.Symbol(null, Value.Of(new BigInteger(i)), false));
        switch (e)
        {
            case Expr.Conditional c:
                return Bind(c.Condition, scope, 1).Constant is { } known ? ViewElement(known.IsZero ? c.WhenFalse : c.WhenTrue, index, i, node) : null;
            case Expr.Slice { Low: not null } s when ViewElement(s.Target, index, i, node) is { } inner:
                var (high, low) = (ConstantOf(s.High, scope, 0, 127, "the position of a bit"), ConstantOf(s.Low, scope, 0, 127, "the position of a bit"));
                return (inner.Register, inner.Low + low, high - low + 1);
            case Expr.Index { Target: Expr.Name { Id: "self" } } x when x.Arguments.Length == 1:
                return (ConstantOf(x.Arguments[0], scope, 0, Math.Max(0, node.Count - 1), "the index of an element"), 0, node.Width);
            default:
                return null;
        }
    }

    /// <summary>Who must be recomputed after whom; what identifies decoded code.</summary>
    private void FinishDependencies()
    {
        foreach (var action in pendingBodies) action();
        foreach (var atom in model.Atoms.Where(a => a.Derived is not null))
            foreach (var read in IrWalker.StatesRead(atom.Derived!))
                if (read != atom && !read.Dependents.Contains(atom)) read.Dependents.Add(atom);
        if (model.Decode.CodeAddress is null) return;
        var context = new HashSet<StateAtom>(IrWalker.StatesRead(model.Decode.CodeAddress));
        foreach (var variable in model.Decode.Variables)
            if (variable.Initial is not null) context.UnionWith(IrWalker.StatesRead(variable.Initial));
        foreach (var atom in model.Atoms)
        {
            if (!context.Contains(atom)) continue;
            atom.InDecodeContext = true;
            model.Decode.Context.Add(atom);
        }
    }
}
