using System.Numerics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// A value as a function of the unknown inputs of an execution. Terms are shared: within one <see cref="TermFactory"/> equal terms are the same object, so that two runs
/// that compute the same function of the same inputs end with identical results.
/// </summary>
internal sealed class Term
{
    public Term(TermKind kind, int op, int width, object? key, BigInteger value, Term[] arguments)
    {
        Kind = kind;
        Op = op;
        Width = width;
        Key = key;
        Value = value;
        Arguments = arguments;
        int hash = ((int)kind * 397) ^ (op * 31) ^ (width * 7919);
        if (key is not null) hash = (hash * 31) ^ System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key);
        if (kind == TermKind.Const) hash = (hash * 31) ^ value.GetHashCode();
        foreach (Term argument in arguments) hash = (hash * 31) + argument.Id;
        Hash = hash;
    }

    public TermKind Kind { get; }

    /// <summary>Operator, conversion, lowest bit or index of a result, by <see cref="Kind"/>.</summary>
    public int Op { get; }

    /// <summary>Width in bits; 0 for arrays and memories.</summary>
    public int Width { get; }

    /// <summary>What a symbol stands for or which function an opaque term applies.</summary>
    public object? Key { get; }

    public BigInteger Value { get; }

    public Term[] Arguments { get; }

    public int Hash { get; }

    /// <summary>Number in its factory.</summary>
    public int Id { get; set; }

    /// <summary>Roles of the resource state the value may depend on.</summary>
    public ResourceRoles Taint { get; set; }

    /// <summary>Bits that may be one; all ones where nothing is known or above 64 bits.</summary>
    public ulong Possible { get; set; } = ulong.MaxValue;

    public bool IsConst => Kind == TermKind.Const;

    public bool IsTrue => Kind == TermKind.Const && Value.IsOne;

    public bool IsFalse => Kind == TermKind.Const && Value.IsZero;

    public bool IsResource => (Taint & (ResourceRoles.All | ResourceRoles.Mapped)) != 0;
}
