namespace Emulator.Runtime.Assembly;

/// <summary>Reads an input as the text of a form, in every way that is possible.</summary>
internal sealed class TextMatcher
{
    private const int MostMatches = 64;

    private readonly string input;
    private readonly List<Constraint> constraints = [];
    private readonly List<string> canonical = [];
    private readonly List<TextMatch> matches = [];
    private FormText form = null!;
    private string?[] textIds = [];

    private readonly bool mayOmit;

    /// <param name="input">Normalised text.</param>
    /// <param name="mayOmit">Whether optional words may be missing in it.</param>
    public TextMatcher(string input, bool mayOmit = false) => (this.input, this.mayOmit) = (input, mayOmit);

    /// <summary>A number that was out of range where everything before it matched; of several the last.</summary>
    public NumberRange? OutOfRange { get; private set; }

    /// <summary>The ways to read the input as this text.</summary>
    public IReadOnlyList<TextMatch> Match(FormText text)
    {
        form = text;
        textIds = new string?[text.Operands.Length];
        matches.Clear();
        foreach (DecodeExpression condition in text.Conditions) constraints.Add(new Constraint(condition, 1));
        Match(new Rest(text.Text, null), 0);
        constraints.Clear();
        return matches;
    }

    /// <summary>What is still to be matched.</summary>
    private sealed record Rest(TextPattern Pattern, Rest? Next);

    private void Match(Rest? rest, int at)
    {
        if (matches.Count >= MostMatches) return;
        if (rest is null)
        {
            if (at == input.Length) matches.Add(new TextMatch([.. constraints], [.. textIds], string.Concat(canonical)));
            return;
        }
        switch (rest.Pattern)
        {
            case TextPattern.Literal l:
                Literal(l.Text, rest.Next, at);
                if (l.Optional && mayOmit)
                {
                    canonical.Add(l.Text);
                    Match(rest.Next, at);
                    canonical.RemoveAt(canonical.Count - 1);
                }

                break;
            case TextPattern.Sequence s:
                Rest? next = rest.Next;
                for (int i = s.Parts.Length - 1; i >= 0; i--) next = new Rest(s.Parts[i], next);
                Match(next, at);
                break;
            case TextPattern.Conditional c:
                Branch(c.Condition, 1, c.WhenTrue, rest.Next, at);
                Branch(c.Condition, 0, c.WhenFalse, rest.Next, at);
                break;
            case TextPattern.Names n:
                for (int i = 0; i < n.Table.Length; i++)
                {
                    if (!Begins(n.Table[i], at, out _)) continue;
                    constraints.Add(new Constraint(n.Index, (UInt128)i));
                    Literal(n.Table[i], rest.Next, at);
                    Drop();
                }
                break;
            case TextPattern.Register r:
                foreach ((int code, string name) in r.Candidates)
                {
                    if (!Begins(name, at, out _)) continue;
                    constraints.Add(new Constraint(new DecodeExpression(Operator.Variable, 32) { Variable = r.Variable }, (UInt128)code));
                    Literal(name, rest.Next, at);
                    Drop();
                }
                break;
            case TextPattern.Number n:
                Number(n, rest.Next, at);
                break;
            case TextPattern.Operand o:
                Operand(o.Position, rest.Next, at);
                break;
        }
    }

    private void Drop() => constraints.RemoveAt(constraints.Count - 1);

    private void Branch(DecodeExpression condition, UInt128 value, TextPattern branch, Rest? next, int at)
    {
        // A text may ask the same twice; it gets the same answer.
        foreach (Constraint c in constraints)
        {
            if (ReferenceEquals(c.Expression, condition) && c.Value != value) return;
        }
        constraints.Add(new Constraint(condition, value));
        Match(new Rest(branch, next), at);
        Drop();
    }

    private void Literal(string text, Rest? next, int at)
    {
        if (!Begins(text, at, out int end)) return;
        canonical.Add(text);
        Match(next, end);
        canonical.RemoveAt(canonical.Count - 1);
    }

    /// <summary>Whether the input goes on with a text; a blank of the text may be missing beside punctuation.</summary>
    private bool Begins(string text, int at, out int end)
    {
        end = at;
        foreach (char c in text)
        {
            if (c == ' ')
            {
                if (end < input.Length && input[end] == ' ') end++;
                else if (end > 0 && end < input.Length && InputText.IsWord(input[end - 1]) && InputText.IsWord(input[end])) return false;
                continue;
            }
            if (end >= input.Length || input[end] != c) return false;
            end++;
        }
        return true;
    }

    private void Operand(int position, Rest? next, int at)
    {
        if (position >= form.Operands.Length) return;
        string? before = textIds[position];
        var seen = new List<string>();
        foreach (AlternativePattern alternative in form.Operands[position].Alternatives)
        {
            if (seen.Contains(alternative.TextId) || (before is not null && before != alternative.TextId)) continue;
            seen.Add(alternative.TextId);
            textIds[position] = alternative.TextId;
            Match(new Rest(alternative.Text, next), at);
        }
        textIds[position] = before;
    }

    private void Number(TextPattern.Number n, Rest? next, int at)
    {
        if (n.Format == NumberFormat.SignedHex && (at >= input.Length || input[at] is not ('+' or '-'))) return;
        if (!InputText.TryNumber(input, ref at, out Int128 number)) return;
        int width = n.Value.Width;
        if (width < 127)
        {
            Int128 least = -(Int128.One << (width - 1));
            Int128 greatest = (Int128)Arithmetic.Mask(n.Format == NumberFormat.SignedDecimal ? width - 1 : width);
            if (number < least || number > greatest)
            {
                OutOfRange = new NumberRange(number, least, greatest);
                return;
            }
        }
        UInt128 value = (UInt128)number & Arithmetic.Mask(width);
        constraints.Add(new Constraint(n.Value, value, number));
        canonical.Add(Text(value, width, n.Format));
        Match(next, at);
        canonical.RemoveAt(canonical.Count - 1);
        Drop();
    }

    private static string Text(UInt128 value, int width, NumberFormat format)
    {
        TextBuilder text = new(stackalloc char[48]);
        switch (format)
        {
            case NumberFormat.SignedHex: text.AppendSignedHex(value, width); break;
            case NumberFormat.Decimal: text.AppendDecimal(value); break;
            case NumberFormat.SignedDecimal: text.AppendSignedDecimal(value, width); break;
            default: text.AppendHex(value); break;
        }
        return text.ToString();
    }
}
