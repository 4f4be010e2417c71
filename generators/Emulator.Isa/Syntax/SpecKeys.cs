using System.Security.Cryptography;
using System.Text;

namespace Emulator.Isa.Syntax;

/// <summary>Short stand-ins for texts: equal keys mean equal texts (SHA-256).</summary>
internal static class SpecKeys
{
    /// <summary>A key of the text.</summary>
    public static string OfText(string text) => Hash(text);

    /// <summary>A key of what the text means: its tokens and documentation comments, without blanks and other comments.</summary>
    public static string OfTokens(List<Token> tokens) => OfTokens(tokens, 0, tokens.Count);

    /// <summary>The same of the tokens from one index up to, not including, another.</summary>
    public static string OfTokens(List<Token> tokens, int first, int end)
    {
        var text = new StringBuilder();
        for (int i = first; i < end; i++) Append(text, tokens[i]);
        return Hash(text.ToString());
    }

    /// <summary>A key of everything but the bodies.</summary>
    public static string OfOutline(List<Token> tokens, List<(int First, int End)> bodies)
    {
        var text = new StringBuilder();
        foreach (var token in OutlineOf(tokens, bodies)) Append(text, token);
        return Hash(text.ToString());
    }

    /// <summary>The tokens outside of the bodies of instructions and functions; where one stood is an empty token.</summary>
    /// <param name="bodies">Their ranges, in order (<see cref="Parser.Bodies"/>).</param>
    public static IEnumerable<Token> OutlineOf(List<Token> tokens, List<(int First, int End)> bodies)
    {
        int next = 0;
        foreach (var (first, end) in bodies)
        {
            for (; next < first; next++) yield return tokens[next];
            if (first < tokens.Count) yield return tokens[first] with { Kind = TokenKind.LBrace, Text = "", Doc = null };
            next = Math.Max(next, end);
        }
        for (; next < tokens.Count; next++) yield return tokens[next];
    }

    private static void Append(StringBuilder text, Token token)
    {
        text.Append((char)token.Kind).Append((char)token.Text.Length).Append((char)(token.Text.Length >> 16)).Append(token.Text);
        if (token.Doc is { Length: > 0 } doc) text.Append('\uFFFF').Append((char)doc.Length).Append(doc);
    }

    internal static string Hash(string text)
    {
        using var sha = SHA256.Create();
        return Convert.ToBase64String(sha.ComputeHash(Encoding.Unicode.GetBytes(text)));
    }
}
