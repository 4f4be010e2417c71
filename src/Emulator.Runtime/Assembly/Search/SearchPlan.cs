namespace Emulator.Runtime.Assembly;

/// <summary>When each thing a matched text says can first be checked: after prefixes and opcode, after an operand, or at the end.</summary>
internal sealed class SearchPlan
{
    /// <summary>After prefixes, opcode and slash field; operands follow.</summary>
    public const int Opcode = 1;

    private readonly Dictionary<DecodeVariable, int> settled = [];
    private readonly List<Constraint>[] stages;
    private readonly AssemblyGrammar grammar;

    public SearchPlan(AssemblyGrammar grammar, FormText text, TextMatch match)
    {
        this.grammar = grammar;
        Text = text;
        Match = match;
        stages = [.. Enumerable.Range(0, text.Operands.Length + Opcode + 1).Select(_ => new List<Constraint>())];
        Settle();
        foreach (Constraint constraint in match.Constraints) Add(constraint);
        for (int i = 0; i < text.Operands.Length; i++) AddAlternatives(i);
    }

    public FormText Text { get; }

    public TextMatch Match { get; }

    /// <summary>Whether no encoding can have the operands as they were read.</summary>
    public bool IsImpossible { get; private set; }

    /// <summary>Everything that must hold.</summary>
    public List<Constraint> All { get; } = [];

    /// <summary>What can be checked once the operand has been decoded, or at <see cref="Opcode"/> or before.</summary>
    public IReadOnlyList<Constraint> At(int stage) => stages[stage];

    /// <summary>What depends on prefixes and the opcode only, but not on one of its fields.</summary>
    public IEnumerable<Constraint> WithoutField(DecodeVariable? field) => stages[0].Concat(stages[Opcode])
        .Where(c => field is null || !c.Expression.Variables.Any(v => v == field || v.Field == field));

    /// <summary>Whether an alternative of an operand is written as the input was read.</summary>
    public bool Allows(int operand, AlternativePattern alternative) => Match.TextIds[operand] is not { } id || id == alternative.TextId;

    private void Settle()
    {
        FormPattern form = Text.Form;
        if (form.Plus is not null) settled[form.Plus] = Opcode;
        if (form.HasSlash && grammar.SlashField is { } slash)
        {
            foreach (DecodeVariable v in slash.Parts.Prepend(slash)) settled[v] = Opcode;
        }
        foreach (DecodeVariable v in form.WordFields) settled[v] = Opcode;
        for (int i = 0; i < Text.Operands.Length; i++)
        {
            foreach (AlternativePattern a in Text.Operands[i].Alternatives)
            {
                if (a.After is not null)
                {
                    foreach (DecodeVariable v in DecodeStatement.Sets(a.After)) settled[v] = Opcode + 1 + i;
                }
                if (a is { Slot: { } slot, Value: not null }) settled[slot] = Opcode + 1 + i;
            }
        }
    }

    private void Add(Constraint constraint)
    {
        DecodeExpression expression = constraint.Expression;
        for (int i = 0; i < Text.Operands.Length; i++)
        {
            // What an operand's variable gets is often known long before the operand is decoded.
            AlternativePattern[] allowed = [.. Text.Operands[i].Alternatives.Where(a => Allows(i, a))];
            if (allowed is [{ Slot: { } slot, Value: { IsLate: false } value }] && expression.Variables.Contains(slot)) expression = expression.Replace(slot, value);
        }
        var placed = constraint with { Expression = expression };
        All.Add(placed);
        if (expression.IsLate) return;
        stages[expression.Variables.Select(v => settled.GetValueOrDefault(v)).DefaultIfEmpty(0).Max()].Add(placed);
    }

    private void AddAlternatives(int operand)
    {
        AlternativePattern[] alternatives = Text.Operands[operand].Alternatives;
        int first = Array.FindIndex(alternatives, a => Allows(operand, a));
        if (first < 0 || alternatives[..first].Any(a => a.When is null))
        {
            IsImpossible = true;
            return;
        }
        foreach (AlternativePattern before in alternatives[..first]) Add(new Constraint(before.When!, 0));
        if (alternatives[first].When is { } when && alternatives.Count(a => Allows(operand, a)) == 1) Add(new Constraint(when, 1));
    }
}
