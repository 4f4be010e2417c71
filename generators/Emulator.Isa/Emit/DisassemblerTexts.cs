using System.Collections.Immutable;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>The distinct texts of a model, each once: of forms with their operands, of operands with several alternatives, and parts that occur in several places.</summary>
internal sealed class DisassemblerTexts
{
    private readonly IsaModel model;
    private readonly Dictionary<string, int> forms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> operands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> shared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, TextNode Node)> occurrences = new(StringComparer.Ordinal);
    private readonly Dictionary<TextNode, string> keys = new(ReferenceComparer.Instance);
    private readonly int longestRegister;

    public DisassemblerTexts(EmitContext context)
    {
        model = context.Model;
        foreach (StateView view in model.Views)
        {
            for (int i = 0; i < view.Elements.Length; i++) RegisterNames.Add(i < view.Names.Length ? view.Names[i] : $"{view.Array.Name.ToLowerInvariant()}{CSharpNames.Int(i)}");
        }
        longestRegister = RegisterNames.Max(n => n.Length);
        foreach (FormModel form in model.Decode.Forms)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            CaseStarts.Add(TextOfCase.Count);
            foreach (FormCase @case in form.Cases)
            {
                TextOfCase.Add(Add(@case, @case.Text));
                AliasStarts.Add(Aliases.Count);
                foreach (AliasModel alias in @case.Aliases)
                {
                    TextNode text = alias.When is null ? alias.Text : new TextNode.Conditional(alias.When, alias.Text, new TextNode.Literal(""));
                    Aliases.Add((Add(@case, text) << 1) | (alias.InputOnly ? 1 : 0));
                }
            }
        }
        AliasStarts.Add(Aliases.Count);
        foreach (FormText form in Forms)
        {
            Count(form.Text);
            for (int i = 0; i < form.Operands.Length; i++)
            {
                if (OperandIndex(form.Operands[i], i) < 0) Count(form.Operands[i].Alternatives[0].Text);
            }
        }
        foreach (OperandText operand in Operands)
        {
            foreach (TextNode alternative in operand.Alternatives.GroupBy(Key).Select(g => g.First())) Count(alternative);
        }
        foreach (KeyValuePair<string, (int Count, TextNode Node)> part in occurrences.Where(o => o.Value.Count > 1).OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            shared.Add(part.Key, Shared.Count);
            Shared.Add(part.Value.Node);
        }
    }

    /// <summary>A distinct text with the operands it refers to.</summary>
    public sealed record FormText(TextNode Text, ImmutableArray<OperandModel> Operands, string Title);

    /// <summary>The texts of an operand's alternatives, at its position.</summary>
    public sealed record OperandText(int Position, ImmutableArray<TextNode> Alternatives);

    public List<FormText> Forms { get; } = new();

    public List<OperandText> Operands { get; } = new();

    public List<TextNode> Shared { get; } = new();

    public List<int> CaseStarts { get; } = new();

    public List<int> TextOfCase { get; } = new();

    /// <summary>Where the aliases of each case begin; one more for the end.</summary>
    public List<int> AliasStarts { get; } = new();

    /// <summary>Aliases of all cases: twice the number of the text, which writes nothing where the condition does not hold; 1 more for one that is never written.</summary>
    public List<int> Aliases { get; } = new();

    /// <summary>Names by reference: 0 is none, then the elements of every view.</summary>
    public List<string> RegisterNames { get; } = new() { "" };

    /// <summary>Most characters of any text.</summary>
    public int MaxLength { get; private set; } = 8;

    /// <summary>Tables of numbers that texts and their conditions look into.</summary>
    public SortedSet<IrTable> NumberTables { get; } = new(Comparer<IrTable>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));

    /// <summary>The method of a part that several texts share; null for one of its own.</summary>
    public string? SharedName(TextNode node) => node is TextNode.Sequence or TextNode.Conditional && shared.TryGetValue(Key(node), out int index) ? $"P{CSharpNames.Int(index)}" : null;

    /// <summary>Which of <see cref="Operands"/> an operand is; -1 when all its alternatives are written alike.</summary>
    public int OperandIndex(OperandModel operand, int position)
    {
        string[] texts = operand.Alternatives.Select(a => Key(a.Text)).ToArray();
        if (texts.Distinct(StringComparer.Ordinal).Count() == 1) return -1;
        string key = $"{CSharpNames.Int(position)} {string.Join("|", texts)}";
        if (!operands.TryGetValue(key, out int index))
        {
            operands.Add(key, index = Operands.Count);
            Operands.Add(new OperandText(position, operand.Alternatives.Select(a => a.Text).ToImmutableArray()));
        }
        return index;
    }

    /// <summary>The parts of a sequence, nested ones included, adjacent literals as one.</summary>
    public static IEnumerable<TextNode> Joined(TextNode.Sequence sequence)
    {
        string literal = "";
        foreach (TextNode part in Flat(sequence))
        {
            if (part is TextNode.Literal l)
            {
                literal += l.Value;
                continue;
            }
            if (literal.Length > 0) yield return new TextNode.Literal(literal);
            literal = "";
            yield return part;
        }
        if (literal.Length > 0) yield return new TextNode.Literal(literal);
    }

    /// <summary>Whether nothing is written.</summary>
    public static bool IsEmpty(TextNode node) => node is TextNode.Literal { Value: "" } || (node is TextNode.Sequence s && s.Parts.All(IsEmpty));

    private static IEnumerable<TextNode> Flat(TextNode.Sequence sequence) =>
        sequence.Parts.SelectMany(p => p is TextNode.Sequence { Parts.Length: <= 1 } inner ? Flat(inner) : new[] { p });

    private int Add(FormCase @case, TextNode text)
    {
        string key = Key(text) + string.Concat(@case.Operands.Select(o => "\n" + string.Join("|", o.Alternatives.Select(a => Key(a.Text)))));
        if (forms.TryGetValue(key, out int index)) return index;
        FormModel form = @case.Form;
        forms.Add(key, index = Forms.Count);
        Forms.Add(new FormText(text, @case.Operands, $"{form.Instruction.Name} {form.Text}"));
        for (int i = 0; i < @case.Operands.Length; i++) OperandIndex(@case.Operands[i], i);
        MaxLength = Math.Max(MaxLength, Length(text, @case.Operands));
        return index;
    }

    private string Key(TextNode node)
    {
        if (!keys.TryGetValue(node, out string? key)) keys.Add(node, key = DecodeText.Of(node));
        return key;
    }

    private void Count(TextNode node)
    {
        switch (node)
        {
            case TextNode.Sequence { Parts.Length: > 1 } or TextNode.Conditional:
                if (HasOperand(node) || (node is TextNode.Sequence trivial && Joined(trivial).Take(2).Count() < 2)) break;
                string key = Key(node);
                (int count, _) = occurrences.TryGetValue(key, out (int Count, TextNode Node) known) ? known : (0, node);
                occurrences[key] = (count + 1, node);
                // What is within counts once: a part of a shared part is not shared for that.
                if (count > 0) return;
                break;
            case TextNode.Element e: Tables(e.Index); break;
            case TextNode.Number n: Tables(n.Value); break;
        }
        if (node is TextNode.Sequence s)
        {
            foreach (TextNode part in s.Parts) Count(part);
        }
        if (node is TextNode.Conditional c)
        {
            Tables(c.Condition);
            Count(c.WhenTrue);
            Count(c.WhenFalse);
        }
    }

    private void Tables(IrExpr e) => IrTree.Visit(DecodedExpressionEmitter.Prepare(e), x =>
    {
        if (x is IrExpr.Table t) NumberTables.Add(t.Data);
    });

    private static bool HasOperand(TextNode node) => node switch
    {
        TextNode.Operand => true,
        TextNode.Sequence s => s.Parts.Any(HasOperand),
        TextNode.Conditional c => HasOperand(c.WhenTrue) || HasOperand(c.WhenFalse),
        _ => false,
    };

    private int Length(TextNode node, ImmutableArray<OperandModel> operands) => node switch
    {
        TextNode.Literal l => l.Value.Length,
        TextNode.Sequence s => s.Parts.Sum(p => Length(p, operands)),
        TextNode.Conditional c => Math.Max(Length(c.WhenTrue, operands), Length(c.WhenFalse, operands)),
        TextNode.Element e => e.Table.Strings.Select(x => x.Length).DefaultIfEmpty(0).Max(),
        TextNode.Number n => 3 + (n.Format == "d" ? (n.Value.Width + 2) / 3 : (n.Value.Width + 3) / 4),
        TextNode.Register => longestRegister,
        TextNode.Operand o when o.Position < operands.Length => operands[o.Position].Alternatives.Max(a => Length(a.Text, ImmutableArray<OperandModel>.Empty)),
        _ => 0,
    };

    private sealed class ReferenceComparer : IEqualityComparer<TextNode>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(TextNode? x, TextNode? y) => ReferenceEquals(x, y);

        public int GetHashCode(TextNode obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}
