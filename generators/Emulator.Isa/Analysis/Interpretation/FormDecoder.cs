using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>Decodes bytes as one given form, interpreting the spec's decode section: for generating instructions, and a second opinion on the generated decoder.</summary>
public sealed class FormDecoder
{
    private readonly IsaModel model;
    private readonly IrInterpreter interpreter;
    private readonly FormModel form;
    private readonly byte[] bytes;
    private readonly Dictionary<DecodeVariable, BigInteger> values = new();
    private readonly Dictionary<DecodeVariable, (StateView View, int Index)?> references = new();
    private readonly BigInteger pc;
    private int at;
    private bool failed;

    private FormDecoder(IsaModel model, IrInterpreter interpreter, FormModel form, byte[] bytes, BigInteger pc)
    {
        this.model = model;
        this.interpreter = interpreter;
        this.form = form;
        this.bytes = bytes;
        this.pc = pc;
    }

    /// <summary>Decodes bytes as a form; null where they are not one of it.</summary>
    /// <param name="state">The state that decoding reads.</param>
    public static DecodedInstruction? Decode(IsaModel model, IrInterpreter interpreter, FormModel form, byte[] bytes, BigInteger pc, ConcreteState state)
    {
        var decoder = new FormDecoder(model, interpreter, form, bytes, pc);
        decoder.Start(state);
        return model.Decode.Words ? decoder.Word() : decoder.Bytes();
    }

    private void Start(ConcreteState state)
    {
        foreach (DecodeVariable variable in model.Decode.Variables)
        {
            if (variable.IsRef)
            {
                references[variable] = null;
                continue;
            }
            values[variable] = variable.Initial is { } initial ? interpreter.Value(initial, state) : BigInteger.Zero;
        }
        foreach (DecodeVariable attribute in form.Attributes) values[attribute] = BigInteger.One;
    }

    private DecodedInstruction? Word()
    {
        int length = form.WordBits / 8;
        if (bytes.Length < length) return null;
        BigInteger word = BigInteger.Zero;
        for (int i = 0; i < length; i++) word |= (BigInteger)bytes[i] << (8 * (model.Decode.FetchMemory.BigEndian ? length - 1 - i : i));
        if (((ulong)word & form.Mask) != form.Value) return null;
        foreach (DecodeVariable field in form.FormatFields)
        {
            BigInteger value = BigInteger.Zero;
            foreach ((int high, int low) in field.Pieces) value = (value << (high - low + 1)) | ((word >> low) & IrMath.Mask(high - low + 1));
            values[field] = value << field.ShiftLeft;
        }
        at = length;
        return Finish(word);
    }

    private DecodedInstruction? Bytes()
    {
        while (at < bytes.Length && model.Decode.Prefixes.TryGetValue(bytes[at], out IrStmt.Block? prefix))
        {
            // A prefix byte of the form itself is part of its opcode.
            if (MatchesOpcode()) break;
            at++;
            Run(prefix);
        }
        if (!MatchesOpcode()) return null;
        at += form.Bytes.Length;
        if (form.Plus is { } plus) values[plus] = bytes[at - 1] & ((1 << plus.Width) - 1);
        if (form.Slash is { } digit && model.Decode.SlashField is { } slash)
        {
            Set(slash, Take(slash.Width));
            if (digit >= 0 && values[slash.SlashPart!] != digit) return null;
        }
        return Finish(BigInteger.Zero);
    }

    private bool MatchesOpcode()
    {
        if (at + form.Bytes.Length > bytes.Length) return false;
        for (int i = 0; i < form.Bytes.Length; i++)
        {
            int mask = i == form.Bytes.Length - 1 && form.Plus is { } plus ? 0xFF & ~((1 << plus.Width) - 1) : 0xFF;
            if ((bytes[at + i] & mask) != form.Bytes[i]) return false;
        }
        return true;
    }

    private DecodedInstruction? Finish(BigInteger word)
    {
        if (failed || (form.When is { } when && Eval(when).IsZero)) return null;
        FormCase? found = form.Cases.FirstOrDefault(c => form.Axes.Select((a, i) => values[a] == c.AxisValues[i]).All(x => x));
        if (found is null) return null;
        var chosen = new List<int>();
        var ran = new HashSet<string>(StringComparer.Ordinal);
        foreach (OperandModel operand in found.Operands)
        {
            int index = -1;
            for (int i = 0; i < operand.Alternatives.Length && index < 0; i++)
            {
                AlternativeModel alternative = operand.Alternatives[i];
                if (alternative.After is { } procedure && ran.Add(procedure) && model.Decode.Procedures.TryGetValue(procedure, out IrStmt.Block? body))
                {
                    // A condition that needs no result of the procedure is looked at before it takes bytes.
                    if (alternative.When is { } early && !Depends(early, body) && Eval(early).IsZero)
                    {
                        ran.Remove(procedure);
                        continue;
                    }
                    Run(body);
                }
                if (alternative.When is { } condition && Eval(condition).IsZero) continue;
                index = i;
                if (alternative is { Slot: { } slot, DecodeValue: { } value }) Set(slot, value);
            }
            if (index < 0 || failed) return null;
            chosen.Add(index);
        }
        foreach ((IrExpr reject, _) in model.Decode.Rejects)
        {
            if (!Eval(reject).IsZero) return null;
        }
        if (failed) return null;
        // Values that name the next instruction are known only now.
        for (int i = 0; i < found.Operands.Length; i++)
        {
            if (found.Operands[i].Alternatives[chosen[i]] is { Slot: { IsRef: false } slot, DecodeValue: { } value } && taken.TryGetValue(slot, out Queue<BigInteger>? again))
            {
                replay = new Queue<BigInteger>(again);
                values[slot] = Eval(value);
                replay = null;
            }
        }
        VariantModel? variant = found.Variants.FirstOrDefault(v => v.Alternatives.SequenceEqual(chosen));
        return variant is null ? null : new DecodedInstruction(variant, values, references, bytes.Take(at).ToImmutableArray(), word, pc);
    }

    private static bool Depends(IrExpr condition, IrStmt.Block body)
    {
        var set = new HashSet<DecodeVariable>();
        IrTree.Visit(body, s =>
        {
            if (s is IrStmt.SetDecode d) set.Add(d.Variable);
        }, null);
        return IrTree.Any(condition, e => (e is IrExpr.Decode d && (set.Contains(d.Variable) || (d.Variable.Field is { } f && set.Contains(f)))) || (e is IrExpr.HasRef h && set.Contains(h.Variable)));
    }

    private readonly Dictionary<DecodeVariable, Queue<BigInteger>> taken = new();
    private Queue<BigInteger>? recording;
    private Queue<BigInteger>? replay;

    private void Set(DecodeVariable variable, IrExpr value)
    {
        if (variable.IsRef)
        {
            references[variable] = Reference(value);
            return;
        }
        recording = new Queue<BigInteger>();
        BigInteger result = Eval(value);
        taken[variable] = recording;
        recording = null;
        Set(variable, result);
    }

    private void Set(DecodeVariable variable, BigInteger value)
    {
        values[variable] = IrMath.Wrap(value, variable.Width);
        foreach (DecodeVariable part in model.Decode.Variables)
        {
            if (ReferenceEquals(part.Field, variable)) values[part] = IrMath.Wrap(value >> part.LowBit, part.Width);
        }
    }

    private (StateView View, int Index)? Reference(IrExpr e)
    {
        switch (e)
        {
            case IrExpr.MakeRef { View: { } view, Index: { } index }: return (view, (int)(Eval(index) % view.Elements.Length));
            case IrExpr.Select s: return Reference(Eval(s.Condition).IsZero ? s.WhenFalse : s.WhenTrue);
            case IrExpr.Decode d: return references.TryGetValue(d.Variable, out (StateView View, int Index)? r) ? r : null;
            default: return null;
        }
    }

    private BigInteger Take(int width)
    {
        if (replay is { Count: > 0 }) return replay.Dequeue();
        int count = width / 8;
        BigInteger value = BigInteger.Zero;
        if (at + count > bytes.Length)
        {
            failed = true;
            return value;
        }
        for (int i = 0; i < count; i++) value |= (BigInteger)bytes[at + i] << (8 * i);
        at += count;
        recording?.Enqueue(value);
        return value;
    }

    private void Run(IrStmt.Block block)
    {
        foreach (IrStmt statement in block.Statements)
        {
            switch (statement)
            {
                case IrStmt.Block b: Run(b); break;
                case IrStmt.SetDecode s: Set(s.Variable, s.Value); break;
                case IrStmt.If s: Run(Eval(s.Condition).IsZero ? s.Else : s.Then); break;
                case IrStmt.Set s: locals[s.Variable] = Eval(s.Value); break;
                case IrStmt.Reject: failed = true; break;
            }
            if (failed) return;
        }
    }

    private readonly Dictionary<IrLocal, BigInteger> locals = new();

    private BigInteger Eval(IrExpr e)
    {
        switch (e)
        {
            case IrExpr.Const c: return c.Value;
            case IrExpr.Local l: return locals.TryGetValue(l.Variable, out BigInteger local) ? local : BigInteger.Zero;
            case IrExpr.Decode d: return values.TryGetValue(d.Variable, out BigInteger value) ? value : BigInteger.Zero;
            case IrExpr.HasRef r: return references.TryGetValue(r.Variable, out (StateView, int)? reference) && reference is not null ? BigInteger.One : BigInteger.Zero;
            case IrExpr.Next n: return Take(n.Width);
            case IrExpr.Insn i: return IrMath.Wrap(i.Property switch { InsnProperty.Pc => pc, InsnProperty.Next => pc + at, _ => at }, i.Width);
            case IrExpr.Unary u: return IrMath.Unary(u.Operator, Eval(u.Operand), u.Operand.Width);
            case IrExpr.Binary b:
                BigInteger left = Eval(b.Left);
                return IrMath.Binary(b.Operator, left, b.Left.Width, Eval(b.Right), b.Right.Width);
            case IrExpr.Convert c: return IrMath.Convert(c.Kind, Eval(c.Operand), c.Operand.Width, c.Width);
            case IrExpr.Slice s: return IrMath.Wrap(Eval(s.Operand) >> s.Low, s.Width);
            case IrExpr.Bit b:
                BigInteger position = Eval(b.Position);
                return position >= b.Operand.Width ? BigInteger.Zero : (Eval(b.Operand) >> (int)position) & 1;
            case IrExpr.Select s: return Eval(Eval(s.Condition).IsZero ? s.WhenFalse : s.WhenTrue);
            case IrExpr.Table t:
                BigInteger index = Eval(t.Index);
                return index < t.Data.Values.Length ? t.Data.Values[(int)index] : BigInteger.Zero;
            case IrExpr.Call c: return interpreter.Pure(c.Function, c.Arguments.Select(Eval).ToArray());
            default: throw new InvalidOperationException($"{e.GetType().Name} does not stand in decode code");
        }
    }
}
