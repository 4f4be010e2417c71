using System.Globalization;
using System.Text.RegularExpressions;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests;

/// <summary>Random edits of the bodies of functions: what people write, and what changes as much as a body can.</summary>
internal sealed partial class FunctionEdits(IReadOnlyList<SpecFile> files, Random random)
{
    private readonly List<Decl.Trap> _traps = [.. files.SelectMany(f => f.Declarations).OfType<Decl.Trap>()];

    private readonly List<string> _states = [.. files.SelectMany(f => f.Declarations).OfType<Decl.State>()
        .Where(s => s.Count is null && s.Type is TypeSyntax.Bits && !s.Members.OfType<StateMember.BitField>().Any()).Select(s => s.Name)];

    private readonly List<Decl.Function> _functions = [.. files.SelectMany(f => f.Declarations).OfType<Decl.Function>()];

    /// <summary>Kinds of edits <see cref="Of"/> knows.</summary>
    public const int Kinds = 14;

    /// <summary>The text with another body for one of its functions; null where it has none.</summary>
    /// <param name="file">The file, parsed from the text.</param>
    /// <param name="number">Tells edits apart.</param>
    public string? Of(SpecFile file, string text, int number, int kind)
    {
        var functions = file.Declarations.OfType<Decl.Function>().ToList();
        if (functions.Count == 0) return null;
        var function = functions[random.Next(functions.Count)];
        var span = function.Body.Span;
        string body = text.Substring(span.Start, span.Length);
        string with = New(function, body, text, kind, number);
        return with == body ? null : text[..span.Start] + with + text[(span.Start + span.Length)..];
    }

    private string New(Decl.Function f, string body, string text, int kind, int n)
    {
        // What is short for a block becomes one.
        string inside = body.StartsWith('=') ? $" return {body[1..].Trim().TrimEnd(';')}; " : body[1..^1];
        string? parameter = f.Parameters.Where(p => p.Type is TypeSyntax.Bits).Select(p => p.Name).FirstOrDefault();
        string condition = parameter is null ? $"{Pick(_states)} == 1" : f.Parameters.First(p => p.Name == parameter).Type is TypeSyntax.Bits { Width: Expr.Number { Value: var w } } && w == 1 ? parameter : $"{parameter} == 1";
        string raise = Raise();
        return kind switch
        {
            0 => Block($"let edited{n} = {n};{inside}"),
            1 => Block($"if {condition} {{ raise {raise} }}{inside}"),
            2 => Block($"{Pick(_states)} = 1;{inside}"),
            3 => Block($"if {Pick(_states)} == 0 {{ raise {raise} }}{inside}"),
            // Calls itself, or may.
            4 => Block(f.Result is null ? $"if {condition} {{ {Call(f)}; }}{inside}" : f.Result is TypeSyntax.Tuple t ? $"let ({string.Join(", ", t.Items.Select(i => "own_" + i.Name))}) = {Call(f)};{inside}" : $"let own = {Call(f)};{inside}"),
            // Wrong.
            5 => Block($"let edited = no_such_name{n};{inside}"),
            // Too large to be put in place of its calls.
            6 => Block(string.Concat(Enumerable.Range(0, 20).Select(i => $"if {condition} && {Pick(_states)} == 1 {{ {Pick(_states)} = 0; }} ")) + inside),
            // The body of another.
            7 => Another(f, text) ?? Block($"let edited{n} = 1;{inside}"),
            // Calls another.
            8 => Other() is { } other ? Block(other + inside) : Block($"let edited{n} = 2;{inside}"),
            // Never returns.
            9 => Block($"raise {raise}"),
            // Does nothing more, or nothing after the first statement.
            10 => f.Result is null ? Block("") : Block(inside + inside),
            // Computes with another number, or otherwise.
            12 => Changed(body, Numbers(), number => number == "1" ? "2" : "1"),
            13 => Changed(body, Operators(), o => o switch { "+" => "-", "-" => "+", "==" => "!=", "!=" => "==", "&" => "|", "|" => "&", _ => "<" }),
            // Computes a little more.
            _ => parameter is null ? Block($"let edited{n} = 3;{inside}") : Block($"let edited{n} = {parameter};{inside}"),
        };
    }

    private string Changed(string body, Regex what, Func<string, string> change)
    {
        var found = what.Matches(body).ToList();
        if (found.Count == 0) return body;
        var one = found[random.Next(found.Count)];
        return body[..one.Index] + change(one.Value) + body[(one.Index + one.Length)..];
    }

    [GeneratedRegex(@"(?<=[ (])\d+(?=[ ;),])", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(?<= )(\+|-|==|!=|&|\||<=)(?= )", RegexOptions.CultureInvariant)]
    private static partial Regex Operators();

    private static string Block(string inside) => "{ " + inside + " }";

    private string Pick(List<string> names) => names[random.Next(names.Count)];

    private string Raise()
    {
        var trap = _traps[random.Next(_traps.Count)];
        return $"{trap.Name}({string.Join(", ", trap.Parameters.Select(_ => "0"))});";
    }

    private static string Call(Decl.Function f) =>
        f.Name + (f.Widths.IsEmpty ? "" : $"<{string.Join(", ", f.Widths)}>") + $"({string.Join(", ", f.Parameters.Select(p => p.Name))})";

    private string? Another(Decl.Function f, string text)
    {
        var alike = _functions.Where(g => g.Name != f.Name && g.Span.File == f.Span.File && g.Parameters.Length == f.Parameters.Length && (g.Result is null) == (f.Result is null)).ToList();
        if (alike.Count == 0) return null;
        var span = alike[random.Next(alike.Count)].Body.Span;
        return text.Substring(span.Start, span.Length);
    }

    private string? Other()
    {
        var others = _functions.Where(g => g.Widths.IsEmpty && g.Result is null or TypeSyntax.Bits && g.Parameters.Length <= 2).ToList();
        if (others.Count == 0) return null;
        var other = others[random.Next(others.Count)];
        string call = string.Create(CultureInfo.InvariantCulture, $"{other.Name}({string.Join(", ", other.Parameters.Select(_ => "1"))});");
        return other.Result is null ? call : "let of_other = " + call;
    }
}
