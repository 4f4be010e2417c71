namespace Emulator.Runtime.Assembly;

/// <summary>An expression over decode values.</summary>
internal sealed class DecodeExpression(Operator op, int width, params DecodeExpression[] children)
{
    public Operator Op { get; } = op;

    /// <summary>Width in bits.</summary>
    public int Width { get; } = width;

    public DecodeExpression[] Children { get; } = children;

    /// <summary>A constant's value, a slice's lowest bit, the reference code of a view's first register.</summary>
    public UInt128 Value { get; init; }

    /// <summary>The variable read or asked about.</summary>
    public DecodeVariable? Variable { get; init; }

    /// <summary>Values of a table.</summary>
    public UInt128[]? Table { get; init; }

    /// <summary>The variables it reads.</summary>
    public IEnumerable<DecodeVariable> Variables => Variable is null ? Children.SelectMany(c => c.Variables) : [Variable];

    /// <summary>Whether it consumes instruction bytes or asks for what only the whole instruction tells.</summary>
    public bool IsLate => Op is Operator.Next or Operator.After or Operator.Length or Operator.Opaque || Children.Any(c => c.IsLate);

    /// <summary>Whether it depends on the length of the instruction.</summary>
    public bool AsksLength => Op is Operator.After or Operator.Length || Children.Any(c => c.AsksLength);

    /// <summary>The expression with another in place of a variable.</summary>
    public DecodeExpression Replace(DecodeVariable variable, DecodeExpression by)
    {
        if (Variable == variable) return Op == Operator.Has ? new DecodeExpression(Operator.Ne, 1, by, new DecodeExpression(Operator.Const, by.Width)) : by;
        if (Children.Length == 0 || !Variables.Contains(variable)) return this;
        return new DecodeExpression(Op, Width, [.. Children.Select(c => c.Replace(variable, by))]) { Value = Value, Variable = Variable, Table = Table };
    }
}
