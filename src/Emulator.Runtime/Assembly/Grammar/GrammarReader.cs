using System.Globalization;

namespace Emulator.Runtime.Assembly;

/// <summary>Reads the items of a grammar; what an item refers to stands before it.</summary>
internal sealed class GrammarReader
{
    private readonly Dictionary<string, DecodeVariable> variables = [];
    private readonly Dictionary<string, DecodeExpression> expressions = [];
    private readonly Dictionary<string, TextPattern> patterns = [];
    private readonly Dictionary<string, string[]> strings = [];
    private readonly Dictionary<string, (int Width, UInt128[] Values)> numbers = [];
    private readonly Dictionary<string, DecodeStatement[]> procedures = [];
    private readonly Dictionary<string, OperandPattern> operands = [];
    private readonly Dictionary<string, (string Id, TextPattern Pattern)> texts = [];
    private readonly List<(int Width, int Base, string[] Names)> views = [];

    public GrammarReader(string text)
    {
        foreach (GrammarNode item in GrammarNode.ReadAll(text)) Item(item);
    }

    public bool Words { get; private set; }

    public bool BigEndian { get; private set; }

    public int MaxLength { get; private set; }

    public int Modes { get; private set; }

    public DecodeVariable? SlashField { get; private set; }

    public DecodeVariable? SlashPart { get; private set; }

    public List<DecodeVariable> Variables { get; } = [];

    public List<(byte Byte, DecodeStatement[] Body)> Prefixes { get; } = [];

    public List<DecodeExpression> Rejects { get; } = [];

    public List<FormText> Texts { get; } = [];

    private void Item(GrammarNode item)
    {
        switch (item.Head)
        {
            case "decode":
                Words = item[1].Text == "words";
                MaxLength = item[2].Number;
                BigEndian = item[3].Text == "big";
                break;
            case "view":
                views.Add((item[1].Number, views.Count == 0 ? 1 : views[^1].Base + views[^1].Names.Length, [.. item.Items.Skip(2).Select(n => n.Text)]));
                break;
            case "strings":
                strings.Add(item[1].Text, [.. item.Items.Skip(2).Select(n => n.Text)]);
                break;
            case "numbers":
                numbers.Add(item[1].Text, (item[2].Number, [.. item.Items.Skip(3).Select(n => Value(n.Text))]));
                break;
            case "var":
                Variable(item);
                break;
            case "slash":
                SlashField = variables[item[1].Text];
                SlashPart = item[2].IsNone ? null : variables[item[2].Text];
                break;
            case "procedure":
                procedures.Add(item[1].Text, Statements(item[2]));
                break;
            case "prefix":
                Prefixes.Add((Byte(item[1]), Statements(item[2])));
                break;
            case "reject":
                Rejects.Add(Expression(item[1]));
                break;
            case "text":
                texts.Add(item[1].Text, (item[1].Text, Pattern(item[2])));
                break;
            case "operand":
                operands.Add(item[1].Text, new OperandPattern([.. item.Items.Skip(2).Select(Alternative)]));
                break;
            case "form":
                Form(item);
                break;
            default:
                throw new FormatException($"unknown item {item.Head}");
        }
    }

    private void Variable(GrammarNode item)
    {
        var known = item.Items.Skip(4).ToDictionary(n => n.Word ?? n.Head, n => n);
        string kind = item[2].Text;
        DecodeVariable variable = new(item[1].Text, Variables.Count, kind, item[3].Number)
        {
            IsRef = known.ContainsKey("ref"),
            IsAxis = known.ContainsKey("axis"),
            Initial = known.TryGetValue("init", out GrammarNode? initial) ? Constant(Expression(initial[1])) : 0,
            Mode = known.TryGetValue("mode", out GrammarNode? mode) ? mode[1].Number : -1,
            Field = known.TryGetValue("of", out GrammarNode? field) ? variables[field[1].Text] : null,
            LowBit = known.TryGetValue("of", out field) ? field[2].Number : 0,
            Pieces = known.TryGetValue("pieces", out GrammarNode? pieces) ? [.. pieces.Items.Skip(1).Select(p => (p[0].Number, p[1].Number))] : [],
            ShiftLeft = known.TryGetValue("shift", out GrammarNode? shift) ? shift[1].Number : 0,
        };
        Modes = Math.Max(Modes, variable.Mode + 1);
        variable.Field?.Parts.Add(variable);
        Add(variable);
    }

    private DecodeVariable Add(DecodeVariable variable)
    {
        Variables.Add(variable);
        return variables[variable.Name] = variable;
    }

    private static UInt128 Constant(DecodeExpression e) => e.Op switch
    {
        Operator.Const => e.Value,
        Operator.Ref => e.Value + Constant(e.Children[0]),
        _ => 0,
    };

    private DecodeStatement[] Statements(GrammarNode list)
    {
        var result = new List<DecodeStatement>();
        foreach (GrammarNode item in list.Items)
        {
            if (item.Count > 0 && item[0].Word is null)
            {
                result.AddRange(Statements(item));
                continue;
            }
            if (item.Count == 0) continue;
            switch (item.Head)
            {
                case "set":
                    result.Add(new DecodeStatement.Set(variables[item[1].Text], Expression(item[2])));
                    break;
                case "let":
                    DecodeExpression value = Expression(item[2]);
                    if (!variables.TryGetValue(item[1].Text, out DecodeVariable? local) || local.Width != value.Width)
                    {
                        // Another procedure's local of the same name is another variable: expressions read so far may mean that one.
                        expressions.Clear();
                        local = Add(new DecodeVariable(item[1].Text, Variables.Count, "local", value.Width));
                    }
                    result.Add(new DecodeStatement.Set(local, value));
                    break;
                case "if":
                    result.Add(new DecodeStatement.If(Expression(item[1]), Statements(item[2]), Statements(item[3])));
                    break;
                default:
                    result.Add(new DecodeStatement.Reject());
                    break;
            }
        }
        return [.. result];
    }

    private DecodeExpression Expression(GrammarNode node)
    {
        if (expressions.TryGetValue(node.Source, out DecodeExpression? known)) return known;
        DecodeExpression result = node.Word is { } word ? Leaf(word) : List(node);
        if (node.Word is null || result.Op == Operator.Const) expressions.Add(node.Source, result);
        return result;
    }

    private DecodeExpression Leaf(string word)
    {
        if (word == "none") return new DecodeExpression(Operator.Const, 32);
        int colon = word.IndexOf(':');
        if (colon > 0 && char.IsAsciiDigit(word[0])) return new DecodeExpression(Operator.Const, Int(word[(colon + 1)..])) { Value = Value(word[..colon]) };
        DecodeVariable variable = variables[word];
        return new DecodeExpression(Operator.Variable, variable.IsRef ? 32 : variable.Width) { Variable = variable };
    }

    private DecodeExpression List(GrammarNode node)
    {
        switch (node.Head)
        {
            case "has": return new DecodeExpression(Operator.Has, 1) { Variable = variables[node[1].Text] };
            case "ref": return new DecodeExpression(Operator.Ref, 32, Expression(node[2])) { Value = (UInt128)views[node[1].Number].Base };
            case "next": return new DecodeExpression(Operator.Next, node[1].Number);
            case "opaque": return new DecodeExpression(Operator.Opaque, node[1].Number);
            case "insn":
                return new DecodeExpression(node[1].Text switch { "pc" => Operator.Pc, "next" => Operator.After, "length" => Operator.Length, _ => Operator.Bits }, node[2].Number);
            case "zext": return Convert(Operator.Zext, node[1].Number, Expression(node[2]));
            case "sext": return Convert(Operator.Sext, node[1].Number, Expression(node[2]));
            case "trunc": return new DecodeExpression(Operator.Slice, node[1].Number, Expression(node[2]));
            case "slice": return new DecodeExpression(Operator.Slice, node[2].Number, Expression(node[3])) { Value = (UInt128)node[1].Number };
            case "bit": return new DecodeExpression(Operator.Bit, 1, Expression(node[1]), Expression(node[2]));
            case "if":
                DecodeExpression whenTrue = Expression(node[2]);
                return new DecodeExpression(Operator.Select, whenTrue.Width, Expression(node[1]), whenTrue, Expression(node[3]));
            case "table":
                (int width, UInt128[] values) = numbers[node[1].Text];
                return new DecodeExpression(Operator.Table, width, Expression(node[2])) { Table = values };
        }
        var op = Enum.Parse<Operator>(node.Head, ignoreCase: true);
        DecodeExpression first = Expression(node[1]);
        if (op <= Operator.Abs) return new DecodeExpression(op, op == Operator.Parity ? 1 : first.Width, first);
        DecodeExpression second = Expression(node[2]);
        int result = op is >= Operator.Eq and <= Operator.SLe ? 1 : op == Operator.Concat ? first.Width + second.Width : first.Width;
        return new DecodeExpression(op, result, first, second);
    }

    private static DecodeExpression Convert(Operator op, int width, DecodeExpression operand) => operand.Width == width ? operand : new DecodeExpression(op, width, operand);

    private TextPattern Pattern(GrammarNode node)
    {
        if (patterns.TryGetValue(node.Source, out TextPattern? known)) return known;
        TextPattern result = node.Word is { } literal ? new TextPattern.Literal(literal.ToLowerInvariant()) : node.Head switch
        {
            "optional" => new TextPattern.Literal(node[1].Text.ToLowerInvariant(), Optional: true),
            "seq" => new TextPattern.Sequence([.. node.Items.Skip(1).Select(Pattern)]),
            "if" => new TextPattern.Conditional(Expression(node[1]), Pattern(node[2]), Pattern(node[3])),
            "names" => new TextPattern.Names([.. strings[node[1].Text].Select(s => s.ToLowerInvariant())], Expression(node[2])),
            "hex" => new TextPattern.Number(Expression(node[1]), NumberFormat.Hex),
            "shex" => new TextPattern.Number(Expression(node[1]), NumberFormat.SignedHex),
            "dec" => new TextPattern.Number(Expression(node[1]), NumberFormat.Decimal),
            "sdec" => new TextPattern.Number(Expression(node[1]), NumberFormat.SignedDecimal),
            "reg" => new TextPattern.Register(variables[node[1].Text], Candidates(variables[node[1].Text])),
            "op" => new TextPattern.Operand(node[1].Number),
            _ => throw new FormatException($"unknown text {node.Head}"),
        };
        if (result is TextPattern.Sequence { Parts: [var only] }) result = only;
        patterns.Add(node.Source, result);
        return result;
    }

    private (int Code, string Name)[] Candidates(DecodeVariable variable) =>
        [(0, ""), .. views.Where(v => v.Width == variable.Width).SelectMany(v => v.Names.Select((name, i) => (v.Base + i, name.ToLowerInvariant())))];

    private AlternativePattern Alternative(GrammarNode node) => new(
        node[1].Text,
        node[2].Number,
        node[3].IsNone ? null : procedures[node[3].Text],
        node[4].IsNone ? null : Expression(node[4]),
        node[5].IsNone ? null : variables[node[5].Text],
        node[6].IsNone ? null : Expression(node[6]),
        texts[node[7].Text].Pattern,
        texts[node[7].Text].Id);

    private void Form(GrammarNode item)
    {
        var known = item.Items.Skip(3).Where(n => n.Head is not ("case" or "alias")).ToDictionary(n => n.Head, n => n);
        known.TryGetValue("word", out GrammarNode? word);
        var form = new FormPattern
        {
            Index = item[1].Number,
            Instruction = item[2].Text,
            Bytes = known.TryGetValue("bytes", out GrammarNode? bytes) ? [.. bytes.Items.Skip(1).Select(Byte)] : [],
            Plus = known.TryGetValue("plus", out GrammarNode? plus) ? variables[plus[1].Text] : null,
            HasSlash = known.ContainsKey("slash"),
            Slash = known.TryGetValue("slash", out GrammarNode? slash) && slash[1].Text != "r" ? slash[1].Number : -1,
            When = known.TryGetValue("when", out GrammarNode? when) ? Expression(when[1]) : null,
            Attributes = known.TryGetValue("attributes", out GrammarNode? attributes) ? [.. attributes.Items.Skip(1).Select(n => variables[n.Text])] : [],
            WordBits = word is null ? 0 : word[1].Number,
            Mask = word is null ? 0 : Value(word[2].Text),
            Value = word is null ? 0 : Value(word[3].Text),
            WordFields = word is null ? [] : [.. word.Items.Skip(4).Select(n => variables[n.Text])],
        };
        var byText = new Dictionary<string, FormText>();
        foreach (GrammarNode @case in item.Items.Skip(3).Where(n => n.Head is "case" or "alias"))
        {
            // An alias has a number and a condition before what a case has.
            int skip = @case.Head == "alias" ? 2 : 0;
            string key = string.Join(' ', @case.Items.Skip(2 + skip).Select(n => n.Text));
            if (skip > 0) key = $"{@case[1].Text} {(@case[2].IsNone ? "" : @case[2].Source)} {key}";
            if (!byText.TryGetValue(key, out FormText? text))
            {
                text = new FormText(form, texts[@case[2 + skip].Text].Pattern, [.. @case.Items.Skip(3 + skip).Select(n => operands[n.Text])])
                {
                    Alias = skip > 0 ? @case[1].Number : 0,
                    Conditions = skip > 0 && !@case[2].IsNone ? [.. FormText.Conjuncts(Expression(@case[2]))] : [],
                };
                byText.Add(key, text);
                Texts.Add(text);
            }
            text.Axes.Add([.. @case[1 + skip].Items.Select(a => (variables[a[0].Text], Value(a[1].Text)))]);
        }
    }

    private static byte Byte(GrammarNode node) => byte.Parse(node.Text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static UInt128 Value(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? UInt128.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : UInt128.Parse(text, CultureInfo.InvariantCulture);
}
