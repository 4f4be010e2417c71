namespace Emulator.Runtime.Assembly;

/// <summary>Values of decode variables, and the evaluation of decode code over them.</summary>
internal class DecodeEnvironment(AssemblyGrammar grammar, UInt128 pc)
{
    private static readonly Term Opaque = new(Operator.Opaque, 128);

    private readonly Symbol[] values = new Symbol[grammar.Variables.Length];

    /// <summary>Bits of the encoding that are not chosen yet.</summary>
    public Unknowns Unknowns { get; } = new() { Pc = pc };

    public Symbol this[DecodeVariable variable] => values[variable.Index];

    /// <summary>Set when going on is of no use.</summary>
    protected bool Abandoned { get; set; }

    /// <summary>The instruction word, when there is one.</summary>
    protected Term? Word { get; set; }

    /// <summary>Sets every variable to its initial value, and those prefixes set to what a state of them gives.</summary>
    public void Reset(UInt128[] initial, DecodeVariable[] prefixVariables, UInt128[] prefixValues)
    {
        for (int i = 0; i < initial.Length; i++) values[i] = initial[i];
        for (int i = 0; i < prefixVariables.Length; i++) values[prefixVariables[i].Index] = prefixValues[i];
    }

    /// <summary>Sets a variable, and its parts if it is a field.</summary>
    public void Set(DecodeVariable variable, Symbol value)
    {
        values[variable.Index] = value;
        foreach (DecodeVariable part in variable.Parts) values[part.Index] = Slice(value, part.LowBit, part.Width);
    }

    /// <summary>Runs decode code; false when it rejects the bytes.</summary>
    public bool Run(DecodeStatement[] statements)
    {
        foreach (DecodeStatement statement in statements)
        {
            switch (statement)
            {
                case DecodeStatement.Set set:
                    Set(set.Variable, Evaluate(set.Value));
                    break;
                case DecodeStatement.If branch:
                    if (!Run(Decide(Evaluate(branch.Condition)) ? branch.Then : branch.Else)) return false;
                    break;
                default:
                    return false;
            }
            if (Abandoned) return false;
        }
        return true;
    }

    public Symbol Evaluate(DecodeExpression e)
    {
        switch (e.Op)
        {
            case Operator.Const: return e.Value;
            case Operator.Variable: return values[e.Variable!.Index];
            // A reference that is still open is to some register: none is never computed.
            case Operator.Has: return !values[e.Variable!.Index].IsKnown || values[e.Variable.Index].Value != 0 ? UInt128.One : UInt128.Zero;
            case Operator.Ref:
                Symbol element = Evaluate(e.Children[0]);
                if (element.IsKnown) return element.Value + e.Value;
                return new Term(Operator.Add, 32, Zext(element, e.Children[0].Width, 32), 32, e.Value, 32);
            case Operator.Next: return Take(e.Width);
            case Operator.Pc: return Unknowns.Pc & Arithmetic.Mask(e.Width);
            case Operator.After or Operator.Length: return new Term(e.Op, e.Width);
            case Operator.Bits: return Word is null ? UInt128.Zero : e.Width <= Word.Width ? Slice(Word, 0, e.Width) : Zext(Word, Word.Width, e.Width);
            case Operator.Slice: return Slice(Evaluate(e.Children[0]), (int)e.Value, e.Width);
            case Operator.Select: return Select(e);
            case Operator.Table:
                Symbol index = Evaluate(e.Children[0]);
                if (!index.IsKnown) return new Term(Operator.Table, e.Width, index, e.Children[0].Width) { Table = e.Table };
                return index.Value < (UInt128)e.Table!.Length ? e.Table[(int)index.Value] : UInt128.Zero;
            case Operator.Opaque or Operator.Unknown: return Opaque;
        }
        Symbol a = Evaluate(e.Children[0]);
        int aWidth = e.Children[0].Width;
        if (e.Children.Length == 1) return a.IsKnown ? Arithmetic.Compute(e.Op, e.Width, a.Value, aWidth, 0, 0) : new Term(e.Op, e.Width, a, aWidth);
        if (e.Width == 1 && a.IsKnown && aWidth == 1)
        {
            if (e.Op == Operator.And && a.Value == 0) return UInt128.Zero;
            if (e.Op == Operator.Or && a.Value != 0) return UInt128.One;
        }
        Symbol b = Evaluate(e.Children[1]);
        int bWidth = e.Children[1].Width;
        if (a.IsKnown && b.IsKnown) return Arithmetic.Compute(e.Op, e.Width, a.Value, aWidth, b.Value, bWidth);
        return new Term(e.Op, e.Width, a, aWidth, b, bWidth);
    }

    /// <summary>The next bits of the instruction bytes.</summary>
    protected virtual Symbol Take(int width) => Opaque;

    /// <summary>Which way a condition goes that may still be open.</summary>
    protected virtual bool Decide(Symbol condition) => condition is { IsKnown: true, Value: var value } && value != 0;

    /// <summary>Bits of a value.</summary>
    protected static Symbol Slice(Symbol value, int low, int width) =>
        value.IsKnown ? value.Value >> low & Arithmetic.Mask(width) : new Term(Operator.Slice, width, value, Number: low);

    private static Symbol Zext(Symbol value, int from, int to) => value.IsKnown || from == to ? value : new Term(Operator.Zext, to, value, from);

    private Symbol Select(DecodeExpression e)
    {
        Symbol condition = Evaluate(e.Children[0]);
        if (condition.IsKnown) return Evaluate(e.Children[condition.Value != 0 ? 1 : 2]);
        // Both branches would take bytes: decide now.
        if (e.Children[1].IsLate || e.Children[2].IsLate) return Evaluate(e.Children[Decide(condition) ? 1 : 2]);
        return new Term(Operator.Select, e.Width, condition, 1, Evaluate(e.Children[1]), e.Width, Evaluate(e.Children[2]));
    }
}
