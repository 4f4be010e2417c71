using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>What a function needs to know of the instruction it works for, with everything it calls.</summary>
public sealed class FunctionNeeds
{
    public static readonly FunctionNeeds None = new();

    private readonly List<DecodeVariable> variables = new();

    /// <summary>Decode variables it reads or writes through, in order of first use.</summary>
    public IReadOnlyList<DecodeVariable> Variables => variables;

    /// <summary>Address or length of the instruction.</summary>
    public bool Operation { get; set; }

    /// <summary>Width of the instruction word it reads; 0 for none.</summary>
    public int Bits { get; set; }

    /// <summary>Measure that grows with every need.</summary>
    public int Count => variables.Count + (Operation ? 1 : 0) + Bits;

    public void Add(DecodeVariable variable)
    {
        if (!variables.Contains(variable)) variables.Add(variable);
    }

    public void Add(FunctionNeeds other)
    {
        foreach (DecodeVariable variable in other.variables) Add(variable);
        Operation |= other.Operation;
        Bits = Math.Max(Bits, other.Bits);
    }
}
