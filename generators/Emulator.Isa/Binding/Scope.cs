using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <summary>What names mean inside one function, body or decode expression, and where its statements go.</summary>
internal sealed class Scope
{
    private readonly Stack<Dictionary<string, Symbol>> blocks = new();
    private HashSet<string> used = new(StringComparer.Ordinal);

    public Scope() => blocks.Push(new(StringComparer.Ordinal));

    /// <summary>A local, possibly one whose value is known: then <see cref="Constant"/>.</summary>
    public sealed record Symbol(IrLocal? Local, Value? Constant, bool Mutable)
    {
        /// <summary>Where it is declared, if by a statement.</summary>
        public SourceSpan Span { get; init; } = SourceSpan.None;
    }

    /// <summary>Statements bound so far in the current block.</summary>
    public List<IrStmt> Output { get; set; } = new();

    /// <summary>Values of width parameters.</summary>
    public Dictionary<string, int> Widths { get; } = new(StringComparer.Ordinal);

    /// <summary>Axes with their values (bodies of a form case).</summary>
    public Dictionary<DecodeVariable, BigInteger> Axes { get; } = new();

    /// <summary>Decode code: prefixes, procedures, conditions, operand values, texts.</summary>
    public bool Decoding { get; set; }

    /// <summary>Decode variables may be named (instruction bodies and decode code).</summary>
    public bool DecodeVisible { get; set; }

    /// <summary>An instruction body: <c>insn</c> and operands are known.</summary>
    public bool InBody { get; set; }

    public ImmutableArray<(string Name, int Width)>? Results { get; set; }

    /// <summary>Reads or does anything besides computing from its parameters.</summary>
    public bool Impure { get; set; }

    /// <summary>Assembly text of a form: its operands, whose values conditions may ask for.</summary>
    public ImmutableArray<OperandModel> TextOperands { get; set; } = ImmutableArray<OperandModel>.Empty;

    public Dictionary<string, OperandUse> Operands { get; } = new(StringComparer.Ordinal);

    public FormModel? Form { get; set; }

    /// <summary>Nesting of conditional code; 0 at the top of a body.</summary>
    public int Depth { get; set; }

    public bool Restartable { get; set; }

    public void Push() => blocks.Push(new(StringComparer.Ordinal));

    public void Pop() => blocks.Pop();

    /// <summary>Every local in sight, innermost block first.</summary>
    public IEnumerable<string> Names => blocks.SelectMany(b => b.Keys);

    public Symbol? Find(string name)
    {
        foreach (var block in blocks)
            if (block.TryGetValue(name, out var symbol)) return symbol;
        return null;
    }

    /// <summary>Declares a name; false when the block already has it.</summary>
    public bool Declare(string name, Symbol symbol)
    {
        var block = blocks.Peek();
        if (block.ContainsKey(name)) return false;
        block[name] = symbol;
        return true;
    }

    /// <summary>A fresh local with a unique name.</summary>
    public IrLocal Fresh(string name, int width, bool signed = false)
    {
        var unique = name;
        for (var i = 2; !used.Add(unique); i++) unique = name + "_" + i;
        return new IrLocal("v_" + unique, width, signed);
    }

    /// <summary>Makes fresh names unique together with another scope's.</summary>
    public void ShareNames(Scope other) => used = other.used;
}
