namespace Emulator.Runtime.Assembly;

/// <summary>One way through decoding a form, with the choices it depends on; <see cref="Next"/> goes to the next combination of them.</summary>
internal sealed class DecodePath(AssemblyGrammar grammar, UInt128 pc) : DecodeEnvironment(grammar, pc)
{
    private readonly AssemblyGrammar grammar = grammar;
    private readonly List<(int Chosen, int Count)> choices = [];
    private readonly List<(byte Byte, int Unknown, int Width)> stream = [];
    private readonly HashSet<DecodeStatement[]> ran = [];
    private readonly List<(Symbol Value, UInt128 Target)> open = [];
    private int nextChoice;
    private int size;
    private int limit;
    private SearchPlan plan = null!;
    private PrefixState state = null!;
    private UInt128[] initial = [];
    private UInt128[] plusValues = [];
    private UInt128[] slashValues = [];

    /// <summary>A number that an encoding cannot hold where everything else was right.</summary>
    public NumberRange? OutOfRange { get; private set; }

    /// <summary>Starts the search for one reading of a text under one state of prefixes.</summary>
    public void Begin(SearchPlan searchPlan, PrefixState prefixes, UInt128[] initialValues, bool thorough)
    {
        (plan, state, initial) = (searchPlan, prefixes, initialValues);
        choices.Clear();
        FormPattern form = plan.Text.Form;
        plusValues = form.Plus is null ? [0] : Values(form.Plus, plan.WithoutField(form.HasSlash ? grammar.SlashField : null), thorough, _ => true);
        slashValues = !form.HasSlash || grammar.SlashField is not { } slash ? [0]
            : Values(slash, plan.WithoutField(form.Plus), thorough, v => form.Slash < 0 || grammar.SlashPart is null || this[grammar.SlashPart].Value == (UInt128)form.Slash);
    }

    /// <summary>Goes to the next combination of choices; false after the last.</summary>
    public bool Next()
    {
        choices.RemoveRange(nextChoice, choices.Count - nextChoice);
        while (choices.Count > 0)
        {
            (int chosen, int count) = choices[^1];
            choices.RemoveAt(choices.Count - 1);
            if (chosen + 1 >= count) continue;
            choices.Add((chosen + 1, count));
            return true;
        }
        return false;
    }

    /// <summary>Decodes with the choices as they are; true when an encoding shorter than given has what the text says.</summary>
    public bool Walk(int shorterThan)
    {
        limit = shorterThan;
        Start();
        if (plusValues.Length == 0 || slashValues.Length == 0) return false;
        FormPattern form = plan.Text.Form;
        if (form.WordBits > 0) WordFields(form);
        else if (!OpcodeBytes(form)) return false;
        if (size >= limit || !plan.At(0).All(Holds) || !plan.At(SearchPlan.Opcode).All(Holds)) return false;
        if (form.When is { } when && !Must(Evaluate(when), 1)) return false;
        for (int i = 0; i < plan.Text.Operands.Length; i++)
        {
            if (!Operand(i) || !plan.At(SearchPlan.Opcode + 1 + i).All(Holds)) return false;
        }
        foreach (DecodeExpression reject in grammar.Rejects)
        {
            if (!Must(Evaluate(reject), 0)) return false;
        }
        if (size >= limit) return false;
        Unknowns.Length = size;
        return Solve();
    }

    /// <summary>The bytes of the path that was walked last.</summary>
    public byte[] Encoding()
    {
        var bytes = new List<byte>();
        foreach ((byte value, int unknown, int width) in stream)
        {
            if (unknown < 0)
            {
                bytes.Add(value);
                continue;
            }
            UInt128 bits = Unknowns.Value(unknown);
            int size = width / 8;
            for (int i = 0; i < size; i++) bytes.Add((byte)(bits >> (8 * (grammar.Words && grammar.BigEndian ? size - 1 - i : i))));
        }
        return [.. bytes];
    }

    protected override Symbol Take(int width)
    {
        Term unknown = Unknowns.Add(width);
        int bits = (width + 7) / 8 * 8;
        stream.Add((0, unknown.Number, bits));
        size += bits / 8;
        Abandoned |= size >= limit;
        return unknown;
    }

    protected override bool Decide(Symbol condition)
    {
        if (Unknowns.IsDetermined(condition)) return Unknowns.Evaluate(condition) != 0;
        bool chosen = Choose(2) == 0;
        // A contradiction shows when the equations are solved.
        open.Add((condition, chosen ? UInt128.One : UInt128.Zero));
        return chosen;
    }

    /// <summary>Values of a field that what the text says of it allows; unless thorough, one for each combination of the parts that the form looks at.</summary>
    private UInt128[] Values(DecodeVariable field, IEnumerable<Constraint> constraints, bool thorough, Func<UInt128, bool> accept)
    {
        Constraint[] about = [.. constraints];
        HashSet<DecodeVariable> relevant = plan.Text.Relevant(grammar);
        UInt128 looked = thorough || field.Parts.Count == 0 || relevant.Contains(field) ? UInt128.MaxValue : 0;
        foreach (DecodeVariable part in field.Parts.Where(relevant.Contains)) looked |= Arithmetic.Mask(part.Width) << part.LowBit;
        var seen = new HashSet<UInt128>();
        var values = new List<UInt128>();
        Start();
        for (int v = 0; v < 1 << field.Width; v++)
        {
            Set(field, (UInt128)v);
            if (accept((UInt128)v) && about.All(Holds) && seen.Add((UInt128)v & looked)) values.Add((UInt128)v);
        }
        return [.. values];
    }

    private void Start()
    {
        Reset(initial, grammar.PrefixVariables, state.Values);
        Unknowns.Clear();
        stream.Clear();
        ran.Clear();
        open.Clear();
        nextChoice = 0;
        size = 0;
        Abandoned = false;
        Word = null;
        foreach (DecodeVariable attribute in plan.Text.Form.Attributes) Set(attribute, UInt128.One);
        foreach (byte prefix in state.Bytes) Byte(prefix);
    }

    private void Byte(byte value)
    {
        stream.Add((value, -1, 8));
        size++;
    }

    private int Choose(int count)
    {
        if (nextChoice == choices.Count) choices.Add((0, count));
        return choices[nextChoice++].Chosen;
    }

    private bool OpcodeBytes(FormPattern form)
    {
        foreach (byte b in form.Bytes) Byte(b);
        if (form.Plus is { } plus)
        {
            UInt128 value = plusValues[Choose(plusValues.Length)];
            Set(plus, value);
            stream[^1] = ((byte)(form.Bytes[^1] | (byte)value), -1, 8);
            if (plus.IsAxis && !plan.Text.Axes.Any(a => a.All(x => x.Axis != plus || x.Value == value))) return false;
        }
        if (form.HasSlash && grammar.SlashField is { } slash)
        {
            UInt128 value = slashValues[Choose(slashValues.Length)];
            Set(slash, value);
            Byte((byte)value);
        }
        return true;
    }

    private void WordFields(FormPattern form)
    {
        Word = Unknowns.Add(form.WordBits);
        stream.Add((0, Word.Number, form.WordBits));
        size += form.WordBits / 8;
        Unknowns.Solve(Word, form.Value, form.Mask);
        foreach (DecodeVariable field in form.WordFields)
        {
            Symbol value = UInt128.Zero;
            int width = 0;
            foreach ((int high, int low) in field.Pieces)
            {
                int piece = high - low + 1;
                Symbol bits = Slice(Word, low, piece);
                value = width == 0 ? bits : new Term(Operator.Concat, width + piece, value, width, bits, piece);
                width += piece;
            }
            if (field.ShiftLeft > 0) value = new Term(Operator.Concat, width + field.ShiftLeft, value, width, UInt128.Zero, field.ShiftLeft);
            Set(field, value);
        }
    }

    private bool Operand(int position)
    {
        foreach (AlternativePattern alternative in plan.Text.Operands[position].Alternatives)
        {
            if (alternative.After is { } after && ran.Add(after) && !Run(after)) return false;
            if (alternative.When is { } when && !Decide(Evaluate(when))) continue;
            if (!plan.Allows(position, alternative)) return false;
            if (alternative is { Slot: { } slot, Value: { } value }) Set(slot, Evaluate(value));
            return !Abandoned;
        }
        return false;
    }

    private bool Holds(Constraint constraint)
    {
        Symbol value = Evaluate(constraint.Expression);
        return Unknowns.Solve(value, constraint.Value, Arithmetic.Mask(constraint.Expression.Width)) != Outcome.Impossible || Range(constraint, value);
    }

    /// <summary>Keeps the range of a number that did not fit; false, so that the path ends.</summary>
    private bool Range(Constraint constraint, Symbol value)
    {
        if (constraint.Written is { } written && !value.IsKnown && Unknowns.Range(value) is { } range && (written < range.Least || written > range.Greatest) && (OutOfRange is null || OutOfRange.Greatest - OutOfRange.Least < range.Greatest - range.Least))
        {
            OutOfRange = new NumberRange(written, range.Least, range.Greatest);
        }
        return false;
    }

    private bool Must(Symbol condition, UInt128 value)
    {
        if (Unknowns.IsDetermined(condition)) return Unknowns.Evaluate(condition) == value;
        open.Add((condition, value));
        return true;
    }

    private bool Solve()
    {
        foreach (Constraint constraint in plan.All)
        {
            Symbol value = Evaluate(constraint.Expression);
            Outcome outcome = Unknowns.Solve(value, constraint.Value, Arithmetic.Mask(constraint.Expression.Width));
            if (outcome == Outcome.Impossible) return Range(constraint, value);
            if (outcome == Outcome.Undecided) open.Add((value, constraint.Value));
        }
        // What one equation determines may decide another.
        for (bool progress = true; progress && open.Count > 0;)
        {
            progress = false;
            for (int i = open.Count - 1; i >= 0; i--)
            {
                Outcome outcome = Unknowns.Solve(open[i].Value, open[i].Target, UInt128.MaxValue >> (128 - Width(open[i].Value)));
                if (outcome == Outcome.Impossible) return false;
                if (outcome == Outcome.Undecided) continue;
                open.RemoveAt(i);
                progress = true;
            }
        }
        return open.Count == 0 || ChooseFree();
    }

    private static int Width(Symbol s) => s.Term?.Width ?? 128;

    /// <summary>Tries values for bits that no equation determines until the rest holds as well.</summary>
    private bool ChooseFree()
    {
        var free = new List<(int Unknown, int Bit)>();
        for (int u = 0; u < Unknowns.Count; u++)
        {
            for (int bit = 0; bit < 128; bit++)
            {
                if ((Unknowns.Free(u) >> bit & 1) != 0) free.Add((u, bit));
            }
        }
        int bits = Math.Min(free.Count, 12);
        for (int pattern = 0; pattern < 1 << bits; pattern++)
        {
            for (int u = 0; u < Unknowns.Count; u++)
            {
                UInt128 value = 0;
                for (int i = 0; i < bits; i++)
                {
                    if (free[i].Unknown == u && (pattern >> i & 1) != 0) value |= UInt128.One << free[i].Bit;
                }
                Unknowns.Choose(u, value);
            }
            if (open.All(o => Unknowns.Evaluate(o.Value) == o.Target)) return true;
        }
        return false;
    }
}
