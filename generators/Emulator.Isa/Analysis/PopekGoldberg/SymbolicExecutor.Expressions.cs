using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

internal sealed partial class SymbolicExecutor
{
    /// <summary>Keys of terms that are a bit at an unknown position, and of what an instruction knows of itself.</summary>
    internal static readonly object BitKey = new();
    internal static readonly object InsnKey = new();

    private Term[] EvalAll(ImmutableArray<IrExpr> expressions, SymbolicState state, Frame frame)
    {
        if (expressions.Length == 0) return Array.Empty<Term>();
        var results = new Term[expressions.Length];
        for (int i = 0; i < results.Length; i++) results[i] = Eval(expressions[i], state, frame);
        return results;
    }

    private Term Eval(IrExpr e, SymbolicState state, Frame frame)
    {
        switch (e)
        {
            case IrExpr.Const c: return terms.Const(c.Value, c.Width);
            case IrExpr.Local l: return state.Locals[frame.Positions[l.Variable]] ?? terms.Opaque(l.Variable, 0, l.Width, Array.Empty<Term>());
            case IrExpr.State s: return ReadAtom(s.Atom, s.Index is null ? null : Eval(s.Index, state, frame), state);
            case IrExpr.Decode d: return terms.Symbol(d.Variable, d.Width, ResourceRoles.None);
            case IrExpr.Ref r: return ReadReference(r.Variable, r.Width, state);
            case IrExpr.Insn i: return terms.Symbol(InsnKey, i.Width, ResourceRoles.None, (int)i.Property);
            case IrExpr.Unary u: return terms.Unary(u.Operator, Eval(u.Operand, state, frame), u.Width);
            case IrExpr.Binary b: return EvalBinary(b, state, frame);
            case IrExpr.Convert c: return terms.Convert(c.Kind, Eval(c.Operand, state, frame), c.Width);
            case IrExpr.Slice s: return terms.Slice(Eval(s.Operand, state, frame), s.Low, s.Width);
            case IrExpr.Bit b:
                Term operand = Eval(b.Operand, state, frame);
                Term position = Eval(b.Position, state, frame);
                if (operand.IsConst && operand.Value.IsZero) return terms.False;
                if (!position.IsConst) return terms.Opaque(BitKey, 0, 1, new[] { operand, position });
                return position.Value >= operand.Width ? terms.False : terms.Slice(operand, (int)position.Value, 1);
            case IrExpr.Select s:
                Term condition = Eval(s.Condition, state, frame);
                bool? decided = Path.Decide(condition, state.Path);
                if (decided is { } holds) return Eval(holds ? s.WhenTrue : s.WhenFalse, state, frame);
                return terms.Ite(condition, Eval(s.WhenTrue, state, frame), Eval(s.WhenFalse, state, frame));
            case IrExpr.Table t:
                Term index = Eval(t.Index, state, frame);
                if (!index.IsConst) return terms.Opaque(t.Data, 0, t.Width, new[] { index });
                return terms.Const(index.Value < t.Data.Values.Length ? t.Data.Values[(int)index.Value] : BigInteger.Zero, t.Width);
            case IrExpr.Call c: return EvalCall(c, state, frame);
            default:
                // Decode-only expressions do not occur in bodies.
                throw new AnalysisLimitException();
        }
    }

    private Term EvalBinary(IrExpr.Binary b, SymbolicState state, Frame frame)
    {
        Term left = Eval(b.Left, state, frame);
        if (b.Width == 1 && b.Operator is IrBinary.And or IrBinary.Or)
        {
            // The path may decide one side, which then decides the whole or drops out.
            bool absorbing = b.Operator == IrBinary.Or;
            bool? known = left.IsConst ? left.IsTrue : Path.Decide(left, state.Path);
            if (known == absorbing) return absorbing ? terms.True : terms.False;
            Term right = Eval(b.Right, state, frame);
            if (known == !absorbing) return right;
            return terms.Binary(b.Operator, left, right, 1);
        }
        return terms.Binary(b.Operator, left, Eval(b.Right, state, frame), b.Width);
    }

    private Term EvalCall(IrExpr.Call c, SymbolicState state, Frame frame)
    {
        Term[] arguments = EvalAll(c.Arguments, state, frame);
        if (flow.IsMap(c.Function)) return terms.Map(c.Function, 0, c.Width, arguments);
        if (flow.Of(c.Function).IsPure && CanStayOpaque(arguments)) return terms.Opaque(c.Function, 0, c.Width, arguments);
        SymbolicState inner = state.Clone();
        Term[]? results = Call(c.Function, arguments, inner);
        return results is { Length: > 0 } ? results[0] : terms.Opaque(c.Function, 0, c.Width, arguments);
    }

    private Term ReadAtom(StateAtom atom, Term? index, SymbolicState state)
    {
        if (atom.Derived is { } derived)
        {
            SymbolicState inner = state.Clone();
            return Call(derived, index is null ? Array.Empty<Term>() : new[] { terms.Convert(index.Width < 32 ? IrConversion.Zext : IrConversion.Trunc, index, 32) }, inner)![0];
        }
        Term current = state.Atoms[atom.Index] ?? Start(atom);
        if (!atom.IsArray) return current;
        index ??= terms.Const(BigInteger.Zero, 32);
        index = Normal(index);
        Term element = terms.Select(current, index, atom.Width, flow.RoleOf(atom));
        if (atom.HardWiredZero < 0) return element;
        return terms.Ite(terms.Binary(IrBinary.Eq, index, terms.Const(atom.HardWiredZero, 32), 1), terms.Const(BigInteger.Zero, atom.Width), element);
    }

    /// <summary>Indices of one width, so that equal elements have equal terms.</summary>
    private Term Normal(Term index) => index.Width == 32 ? index : index.Width < 32 ? terms.Convert(IrConversion.Zext, index, 32) : terms.Slice(index, 0, 32);

    private void WriteAtom(StateAtom atom, Term? index, Term value, SymbolicState state, SourceSpan span)
    {
        Term before = state.Atoms[atom.Index] ?? Start(atom);
        Term after = atom.IsArray ? terms.StoreElement(before, Normal(index ?? terms.Const(BigInteger.Zero, 32)), value) : value;
        state.Atoms[atom.Index] = after;
        if (atom.Keep) state.Lasting = true;
        ResourceRoles role = flow.RoleOf(atom);
        if (role != ResourceRoles.None)
        {
            if (!ReferenceEquals(before, after)) Note(EffectKind.WritesResource, atom.Name, role, span);
        }
        else if (value.IsResource || (index is not null && index.IsResource) || guards.Count > 0)
        {
            Note(EffectKind.ShowsResource, atom.Name, value.Taint | (index?.Taint ?? ResourceRoles.None), span);
        }
        if (atom.OnWrite is { } code) Call(code, atom.IsArray ? new[] { Normal(index!) } : Array.Empty<Term>(), state);
    }

    /// <summary>Reads the register a decode-time reference denotes.</summary>
    private Term ReadReference(DecodeVariable variable, int width, SymbolicState state)
    {
        ResourceRoles roles = ResourceRoles.None;
        var inputs = new List<Term>();
        foreach (StateAtom atom in flow.Facts.Targets(variable).OrderBy(a => a.Index))
        {
            roles |= flow.RoleOf(atom);
            inputs.Add(state.Atoms[atom.Index] ?? Start(atom));
        }
        return terms.Opaque(variable, 0, width, inputs.ToArray(), roles);
    }

    private void WriteReference(DecodeVariable variable, Term value, SymbolicState state, SourceSpan span)
    {
        foreach (StateAtom atom in flow.Facts.Targets(variable).OrderBy(a => a.Index))
        {
            Term before = state.Atoms[atom.Index] ?? Start(atom);
            state.Atoms[atom.Index] = terms.StoreElement(before, terms.Symbol(variable, 32, ResourceRoles.None, 1), value);
            if (atom.Keep) state.Lasting = true;
            ResourceRoles role = flow.RoleOf(atom);
            if (role != ResourceRoles.None) Note(EffectKind.WritesResource, atom.Name, role, span);
            else if (value.IsResource || guards.Count > 0) Note(EffectKind.ShowsResource, "destination", value.Taint, span);
            if (atom.OnWrite is { } code) Call(code, new[] { terms.Symbol(variable, 32, ResourceRoles.None, 1) }, state);
        }
    }

    /// <summary>An address; where an address map computes it in place, the states it reads there are the map's.</summary>
    private Term Address(IrExpr address, bool mapped, SymbolicState state, Frame frame)
    {
        Term term = Eval(address, state, frame);
        if (!mapped || term.Kind == TermKind.Map || !term.IsResource) return term;
        var inputs = new List<Term>();
        IrTree.Visit(address, e =>
        {
            if (e is IrExpr.Local or IrExpr.Decode or IrExpr.Ref) inputs.Add(Eval(e, state, frame));
        });
        return terms.Map(address, 0, term.Width, inputs.ToArray());
    }

    /// <summary>Roles an access to a memory involves besides those of its address.</summary>
    private ResourceRoles AccessRoles(MemorySpec memory, Term address, SourceSpan span)
    {
        if (flow.IsDevice(memory))
        {
            Note(EffectKind.AccessesDevice, memory.Name, ResourceRoles.Io, span);
            return ResourceRoles.Io;
        }
        if (!memory.IsBus || !flow.IsBehindMap(memory) || IsMapped(address)) return ResourceRoles.None;
        Note(EffectKind.BypassesRelocation, memory.Name, ResourceRoles.Relocation, span);
        return ResourceRoles.Relocation;
    }

    private static bool IsMapped(Term address) => address.Kind switch
    {
        TermKind.Map => true,
        TermKind.Ite => IsMapped(address.Arguments[1]) && IsMapped(address.Arguments[2]),
        _ => false,
    };

    private Term Load(MemorySpec memory, Term address, bool mapped, int width, SymbolicState state, SourceSpan span)
    {
        ResourceRoles roles = mapped ? ResourceRoles.None : AccessRoles(memory, address, span);
        Term value = terms.Load(memory, Contents(state, memory.Index), address, width, roles);
        if (flow.IsDevice(memory))
        {
            // A device may change by being read.
            state.Memories[memory.Index] = terms.Opaque(memory, width, 0, new[] { Contents(state, memory.Index), address }, roles);
            state.Lasting = true;
        }
        return value;
    }

    private void Store(MemorySpec memory, Term address, bool mapped, Term value, SymbolicState state, SourceSpan span)
    {
        ResourceRoles roles = mapped ? ResourceRoles.None : AccessRoles(memory, address, span);
        state.Memories[memory.Index] = terms.StoreMemory(memory, Contents(state, memory.Index), address, value, roles);
        state.Lasting = true;
        ResourceRoles shown = value.Taint | (address.Taint & ~ResourceRoles.Mapped);
        if (shown != ResourceRoles.None || guards.Count > 0) Note(EffectKind.ShowsResource, memory.Name, shown, span);
    }
}
