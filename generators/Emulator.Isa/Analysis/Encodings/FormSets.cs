using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Encodings;

/// <summary>For each form the set of inputs it matches: prefix state, and the bytes (or the word) that decide.</summary>
internal sealed class FormSets
{
    // Order of the bits: the prefix state, then the bytes as they are met, then what may be anything.
    private const int FirstByte = 64, FirstFree = 1 << 20;

    private readonly DecodeModel decode;
    private readonly HashSet<DecodeVariable> setByProcedures;
    private readonly Dictionary<FormModel, int> sets = new();
    private readonly Dictionary<FormModel, (byte[] Required, byte[] Opcode)> opcodes = new();
    private readonly Dictionary<DecodeVariable, int[]> stateVectors = new();
    private readonly Dictionary<byte, int> seen = new();
    private readonly int stateBits;
    private int nextFree = FirstFree;

    public FormSets(IsaModel model, CancellationToken cancellation)
    {
        decode = model.Decode;
        setByProcedures = new HashSet<DecodeVariable>(decode.Procedures.Values.SelectMany(IrWalker.Statements).OfType<IrStmt.SetDecode>().Select(s => s.Variable));
        if (!decode.Words)
        {
            foreach (FormModel form in decode.Forms)
            {
                var required = form.Bytes.TakeWhile((b, k) => k < form.Bytes.Length - 1 && decode.Prefixes.ContainsKey(b)).ToArray();
                opcodes.Add(form, (required, form.Bytes.Skip(required.Length).ToArray()));
            }
        }
        var prefixes = new HashSet<byte>(opcodes.Values.SelectMany(o => o.Required));
        States = PrefixStates.Find(decode, Conditions(), Choosy.SelectMany(f => f.Axes), prefixes, cancellation);
        while (1 << stateBits < States.Count) stateBits++;
        foreach (byte prefix in prefixes) seen.Add(prefix, StateSet(s => s.Seen.Contains(prefix)));
        Universe = EveryState = StateSet(_ => true);
        foreach (byte prefix in decode.Prefixes.Keys) Universe = Bdd.And(Universe, Bdd.Not(ByteIs(0, prefix, 0)));
        foreach (FormModel form in decode.Forms)
        {
            cancellation.ThrowIfCancellationRequested();
            sets.Add(form, Bdd.And(Universe, Set(form)));
        }
    }

    public Bdd Bdd { get; } = new();

    /// <summary>Prefix states; a state's number is its position.</summary>
    public List<PrefixState> States { get; }

    /// <summary>Every prefix state, whatever the bytes.</summary>
    public int EveryState { get; }

    /// <summary>Every input there is.</summary>
    public int Universe { get; }

    public int this[FormModel form] => sets[form];

    public byte[] Opcode(FormModel form) => opcodes[form].Opcode;

    /// <summary>Bytes that decide whether a form matches: opcode and slash field; or the word.</summary>
    public int Bytes(FormModel form) => decode.Words ? form.WordBits / 8 : Opcode(form).Length + (form.Slash is null ? 0 : (decode.SlashField!.Width + 7) / 8);

    /// <summary>The variable of a bit of a byte.</summary>
    public static int ByteBit(int position, int bit) => FirstByte + 8 * position + 7 - bit;

    /// <summary>Whether a variable belongs to a byte.</summary>
    public static bool IsByteBit(int variable) => variable is >= FirstByte and < FirstFree;

    /// <summary>Whether the fixed bits of two forms can agree; cheap, and decides most pairs.</summary>
    public bool MayMeet(FormModel a, FormModel b)
    {
        if (decode.Words) return ((a.Value ^ b.Value) & a.Mask & b.Mask & Ones(Math.Min(a.WordBits, b.WordBits))) == 0 || decode.FetchMemory.BigEndian && a.WordBits != b.WordBits;
        byte[] x = Opcode(a), y = Opcode(b);
        for (int k = 0; k < x.Length && k < y.Length; k++)
        {
            if (((x[k] ^ y[k]) & ~(Free(a, x, k) | Free(b, y, k))) != 0) return false;
        }
        return true;
    }

    /// <summary>The state and the bytes of a member of a set.</summary>
    public (PrefixState State, byte[] Bytes) Example(int set, int length)
    {
        HashSet<int> ones = Bdd.Member(set);
        int state = Enumerable.Range(0, stateBits).Sum(k => ones.Contains(k) ? 1 << (stateBits - 1 - k) : 0);
        var bytes = new byte[length];
        for (int k = 0; k < length; k++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                if (ones.Contains(ByteBit(k, bit))) bytes[k] |= (byte)(1 << bit);
            }
        }
        return (States[state], bytes);
    }

    private static ulong Ones(int width) => width >= 64 ? ulong.MaxValue : (1ul << width) - 1;

    private static int Free(FormModel form, byte[] opcode, int position) => form.Plus is { } plus && position == opcode.Length - 1 ? (1 << plus.Width) - 1 : 0;

    /// <summary>Conditions that decide whether a form matches; those inside procedures only where some operand's condition depends on them.</summary>
    private IEnumerable<IrExpr> Conditions()
    {
        var fits = Choosy.SelectMany(f => f.Cases).SelectMany(c => c.Operands).Where(MayFail).SelectMany(o => o.Alternatives).Select(a => a.When!).ToList();
        var conditions = decode.Forms.Where(f => f.When is not null).Select(f => f.When!).Concat(fits);
        return fits.Exists(DependsOnProcedures) ? conditions.Concat(decode.Procedures.Values.SelectMany(IrWalker.Statements).SelectMany(IrWalker.Expressions)) : conditions;
    }

    /// <summary>Forms whose operands may fit nothing.</summary>
    private IEnumerable<FormModel> Choosy => decode.Forms.Where(f => f.Cases.Exists(c => c.Operands.Any(MayFail)));

    private static bool MayFail(OperandModel operand) => operand.Alternatives.All(a => a.When is not null);

    /// <summary>The states with a property, as a set over the bits of their numbers.</summary>
    private int StateSet(Func<PrefixState, bool> property)
    {
        var level = new List<int>();
        for (int k = 0; k < 1 << stateBits; k++) level.Add(k < States.Count && property(States[k]) ? Bdd.True : Bdd.False);
        for (int bit = stateBits - 1; bit >= 0; bit--)
        {
            var above = new List<int>();
            for (int k = 0; k < level.Count; k += 2) above.Add(Bdd.Node(bit, level[k], level[k + 1]));
            level = above;
        }
        return level[0];
    }

    private int[]? StateVector(DecodeVariable variable)
    {
        if (stateVectors.TryGetValue(variable, out int[]? vector)) return vector;
        if (!States.TrueForAll(s => s.Values.TryGetValue(variable, out BigInteger? value) && value is not null)) return null;
        vector = Enumerable.Range(0, variable.Width).Select(k => StateSet(s => (s.Values[variable]!.Value >> k & 1).IsOne)).ToArray();
        stateVectors.Add(variable, vector);
        return vector;
    }

    private int ByteIs(int position, int value, int free)
    {
        int set = Bdd.True;
        for (int bit = 0; bit < 8; bit++)
        {
            if ((free >> bit & 1) != 0) continue;
            int one = Bdd.Bit(ByteBit(position, bit));
            set = Bdd.And((value >> bit & 1) != 0 ? one : Bdd.Not(one), set);
        }
        return set;
    }

    private int Set(FormModel form)
    {
        var symbols = new SymbolicDecode(Bdd, () => nextFree++);
        foreach (DecodeVariable variable in decode.Variables)
        {
            if (variable.Kind == DecodeVariableKind.Attribute) symbols.Variables[variable] = new[] { form.Attributes.Contains(variable) ? Bdd.True : Bdd.False };
            else if (variable.Kind == DecodeVariableKind.Field) symbols.Variables[variable] = SymbolicDecode.Constant(BigInteger.Zero, variable.Width);
            else if (States[0].Values.ContainsKey(variable) && StateVector(variable) is { } vector) symbols.Variables[variable] = vector;
        }
        int set = decode.Words ? Word(form, symbols) : Opcode(form, symbols);
        if (form.When is not null && set != Bdd.False) set = Bdd.And(set, symbols.Condition(form.When));
        return set == Bdd.False ? set : Bdd.And(set, Operands(form, symbols));
    }

    private int Opcode(FormModel form, SymbolicDecode symbols)
    {
        (byte[] required, byte[] opcode) = opcodes[form];
        int set = Bdd.True;
        for (int k = opcode.Length - 1; k >= 0; k--) set = Bdd.And(ByteIs(k, opcode[k], Free(form, opcode, k)), set);
        foreach (byte prefix in required) set = Bdd.And(set, seen[prefix]);
        if (form.Plus is { } plus) symbols.Variables[plus] = Field(opcode.Length - 1, plus.Width);
        if (form.Slash is not { } digit || decode.SlashField is not { } slash) return set;
        symbols.Variables[slash] = Field(opcode.Length, slash.Width);
        return digit < 0 || slash.SlashPart is null ? set : Bdd.And(set, symbols.Has(slash.SlashPart, digit));
    }

    /// <summary>Bits from a byte on, little-endian.</summary>
    private int[] Field(int position, int width) => Enumerable.Range(0, width).Select(k => Bdd.Bit(ByteBit(position + k / 8, k % 8))).ToArray();

    private int Word(FormModel form, SymbolicDecode symbols)
    {
        int[] word = Enumerable.Range(0, form.WordBits).Select(k => Bdd.Bit(ByteBit(decode.FetchMemory.BigEndian ? form.WordBits / 8 - 1 - k / 8 : k / 8, k % 8))).ToArray();
        int set = Bdd.True;
        foreach (int k in Enumerable.Range(0, form.WordBits).Where(k => (form.Mask >> k & 1) != 0).OrderByDescending(k => Bdd.Variable(word[k])))
        {
            set = Bdd.And((form.Value >> k & 1) != 0 ? word[k] : Bdd.Not(word[k]), set);
        }
        foreach (DecodeVariable field in form.FormatFields)
        {
            var bits = new List<int>(SymbolicDecode.Constant(BigInteger.Zero, field.ShiftLeft));
            foreach ((int high, int low) in field.Pieces.Reverse()) bits.AddRange(word.Skip(low).Take(high - low + 1));
            symbols.Variables[field] = bits.ToArray();
        }
        return set;
    }

    /// <summary>The inputs for which the operands fit, whatever the axes are.</summary>
    private int Operands(FormModel form, SymbolicDecode symbols)
    {
        if (!form.Cases.Exists(c => c.Operands.Any(MayFail))) return Bdd.True;
        int any = Bdd.False;
        foreach (FormCase formCase in form.Cases)
        {
            int applies = Bdd.True;
            for (int k = 0; k < form.Axes.Length; k++) applies = Bdd.And(applies, symbols.Has(form.Axes[k], formCase.AxisValues[k]));
            if (applies != Bdd.False) any = Bdd.Or(any, Bdd.And(applies, Fits(formCase, symbols)));
        }
        return any;
    }

    private int Fits(FormCase formCase, SymbolicDecode symbols)
    {
        bool procedures = formCase.Operands.Where(MayFail).SelectMany(o => o.Alternatives).Any(a => a.When is { } when && DependsOnProcedures(when));
        SymbolicDecode own = symbols;
        if (procedures)
        {
            own = new SymbolicDecode(Bdd, () => nextFree++);
            foreach (var variable in symbols.Variables) own.Variables[variable.Key] = variable.Value;
        }
        var ran = new HashSet<string>(StringComparer.Ordinal);
        int fits = Bdd.True;
        foreach (OperandModel operand in formCase.Operands)
        {
            int any = Bdd.False;
            foreach (AlternativeModel alternative in operand.Alternatives)
            {
                if (procedures && alternative.After is { } after && ran.Add(after) && decode.Procedures.TryGetValue(after, out IrStmt.Block? procedure)) own.Run(procedure);
                any = alternative.When is null ? Bdd.True : Bdd.Or(any, own.Condition(alternative.When));
                if (any == Bdd.True) break;
            }
            fits = Bdd.And(fits, any);
        }
        return fits;
    }

    private bool DependsOnProcedures(IrExpr when) =>
        IrTree.Any(when, e => e is IrExpr.Decode d && (setByProcedures.Contains(d.Variable) || d.Variable.Field is { } f && setByProcedures.Contains(f)));
}
