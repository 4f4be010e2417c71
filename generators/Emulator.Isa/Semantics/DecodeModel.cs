using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>Everything the decoder, disassembler and assembler are made of.</summary>
public sealed class DecodeModel
{
    /// <summary>True for word encodings (formats), false for byte encodings.</summary>
    public bool Words { get; set; }

    /// <summary>Most bytes of an instruction.</summary>
    public int MaxLength { get; set; }

    /// <summary>Raised by an instruction longer than that (byte encodings).</summary>
    public IrStmt.Reject? TooLong { get; set; }

    /// <summary>Raised where nothing matches. Null: the trap of kind `undefined` with the lowest number, arguments zero.</summary>
    public IrStmt.Reject? NoMatch { get; set; }

    public MemorySpec FetchMemory { get; set; } = null!;

    public IrFunction CodeAddress { get; set; } = null!;

    /// <summary>Axes, variables, fields and their parts, attributes, in declaration order; operand variables are per form.</summary>
    public List<DecodeVariable> Variables { get; } = new();

    /// <summary>The field of `/r` forms, if declared.</summary>
    public DecodeVariable? SlashField { get; set; }

    /// <summary>What each prefix byte does.</summary>
    public Dictionary<byte, IrStmt.Block> Prefixes { get; } = new();

    /// <summary>Decode procedures by name; `fetch F;` is a <see cref="IrStmt.SetDecode"/> of a <see cref="IrExpr.Next"/>.</summary>
    public Dictionary<string, IrStmt.Block> Procedures { get; } = new(StringComparer.Ordinal);

    /// <summary>Combinations no form accepts, checked after the form matched and its operands are decoded.</summary>
    public List<(IrExpr When, IrStmt.Reject Trap)> Rejects { get; } = new();

    /// <summary>State atoms whose values identify how bytes decode (axis initial values and code_address).</summary>
    public List<StateAtom> Context { get; } = new();

    public List<FormModel> Forms { get; } = new();

    /// <summary>A model with lists of its own of the same parts.</summary>
    internal DecodeModel Copy()
    {
        var copy = new DecodeModel
        {
            Words = Words, MaxLength = MaxLength, TooLong = TooLong, NoMatch = NoMatch, FetchMemory = FetchMemory, CodeAddress = CodeAddress, SlashField = SlashField,
        };
        copy.Variables.AddRange(Variables);
        foreach (var prefix in Prefixes) copy.Prefixes.Add(prefix.Key, prefix.Value);
        foreach (var procedure in Procedures) copy.Procedures.Add(procedure.Key, procedure.Value);
        copy.Rejects.AddRange(Rejects);
        copy.Context.AddRange(Context);
        copy.Forms.AddRange(Forms);
        return copy;
    }
}
