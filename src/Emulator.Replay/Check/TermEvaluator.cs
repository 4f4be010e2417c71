using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;

namespace Emulator.Replay.Check;

/// <summary>Values of the derivation's terms in a known state, as far as they do not depend on memory or on unknown functions.</summary>
internal sealed class TermEvaluator(IrInterpreter interpreter, StructureMap map)
{
    private readonly Dictionary<Term, BigInteger?> _known = [];
    private DecodedInstruction _instruction = null!;
    private Func<StatePlace, UInt128> _read = null!;

    /// <summary>Begins with an instruction in a state.</summary>
    public void Begin(DecodedInstruction instruction, Func<StatePlace, UInt128> read)
    {
        (_instruction, _read) = (instruction, read);
        _known.Clear();
    }

    /// <summary>Whether all conditions hold; null where that cannot be told.</summary>
    public bool? All(IEnumerable<Term> conditions)
    {
        bool? all = true;
        foreach (var condition in conditions)
        {
            if (Value(condition) is not { } value)
            {
                all = null;
            }
            else if (value.IsZero)
            {
                return false;
            }
        }

        return all;
    }

    private BigInteger? Value(Term term)
    {
        if (term.IsConst)
        {
            return term.Value;
        }

        if (!_known.TryGetValue(term, out var value))
        {
            _known.Add(term, value = Compute(term));
        }

        return value;
    }

    private BigInteger? Compute(Term t)
    {
        switch (t.Kind)
        {
            case TermKind.Symbol:
                return Symbol(t);
            case TermKind.Unary:
                return Value(t.Arguments[0]) is { } operand ? IrMath.Unary((IrUnary)t.Op, operand, t.Arguments[0].Width) : null;
            case TermKind.Binary:
                return Binary(t);
            case TermKind.Convert:
                return Value(t.Arguments[0]) is { } converted ? IrMath.Convert((IrConversion)t.Op, converted, t.Arguments[0].Width, t.Width) : null;
            case TermKind.Slice:
                return Value(t.Arguments[0]) is { } sliced ? IrMath.Wrap(sliced >> t.Op, t.Width) : null;
            case TermKind.Ite:
                return Value(t.Arguments[0]) is { } condition ? Value(t.Arguments[condition.IsZero ? 2 : 1]) : null;
            case TermKind.Select when t.Arguments[0] is { Kind: TermKind.Symbol, Key: StateAtom atom } && Value(t.Arguments[1]) is { } index:
                return map.TryFind(atom, (int)(index & int.MaxValue), out var place) ? _read(place) : null;
            case TermKind.Opaque:
                return Opaque(t);
            default:
                return null;
        }
    }

    private BigInteger? Symbol(Term t) => t.Key switch
    {
        StateAtom { IsArray: false, IsPc: false } atom => map.TryFind(atom, 0, out var place) ? _read(place) : null,
        DecodeVariable variable when t.Op == 0 => _instruction.Values.TryGetValue(variable, out var value) ? IrMath.Wrap(value, t.Width) : null,
        _ when ReferenceEquals(t.Key, SymbolicExecutor.InsnKey) =>
            IrMath.Wrap((InsnProperty)t.Op switch { InsnProperty.Pc => _instruction.Pc, InsnProperty.Next => _instruction.Pc + _instruction.Length, _ => _instruction.Length }, t.Width),
        _ => null,
    };

    private BigInteger? Binary(Term t)
    {
        var left = Value(t.Arguments[0]);
        var right = Value(t.Arguments[1]);
        if (t.Width == 1 && (IrBinary)t.Op is IrBinary.And or IrBinary.Or)
        {
            // One side may decide.
            var absorbing = (IrBinary)t.Op == IrBinary.Or ? BigInteger.One : BigInteger.Zero;
            if (left == absorbing || right == absorbing)
            {
                return absorbing;
            }
        }

        return left is { } a && right is { } b ? IrMath.Binary((IrBinary)t.Op, a, t.Arguments[0].Width, b, t.Arguments[1].Width) : null;
    }

    private BigInteger? Opaque(Term t)
    {
        var arguments = new BigInteger[t.Arguments.Length];
        if (t.Key is DecodeVariable variable)
        {
            return Array.TrueForAll(t.Arguments, a => a.Kind == TermKind.Symbol) && t.Op == 0 ? Register(variable, t.Width) : null;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (Value(t.Arguments[i]) is not { } argument)
            {
                return null;
            }

            arguments[i] = argument;
        }

        return t.Key switch
        {
            IrTable table => arguments[0] < table.Values.Length ? table.Values[(int)arguments[0]] : BigInteger.Zero,
            IrFunction { Extern: null } function when t.Op == 0 && function.Results.Length == 1 => interpreter.Pure(function, arguments),
            _ when ReferenceEquals(t.Key, SymbolicExecutor.BitKey) => arguments[1] >= t.Arguments[0].Width ? BigInteger.Zero : (arguments[0] >> (int)arguments[1]) & 1,
            _ => null,
        };
    }

    /// <summary>The register a decode-time reference denotes, unchanged so far.</summary>
    private BigInteger? Register(DecodeVariable variable, int width)
    {
        if (!_instruction.References.TryGetValue(variable, out var reference) || reference is not { } r)
        {
            return BigInteger.Zero;
        }

        var (register, low) = r.View.Elements[r.Index];
        return map.TryFind(r.View.Array, register, out var place) ? IrMath.Wrap((BigInteger)_read(place) >> low, width) : null;
    }
}
