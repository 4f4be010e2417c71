using System.Security.Cryptography;
using System.Text;

namespace Emulator.Isa.Syntax;

/// <summary>Short stand-ins for texts: equal keys mean equal texts (SHA-256).</summary>
internal static class SpecKeys
{
    /// <summary>A key of the text.</summary>
    public static string OfText(string text) => Hash(text);

    /// <summary>A key of what the text means: its tokens and documentation comments, without blanks and other comments.</summary>
    public static string OfTokens(List<Token> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            text.Append((char)token.Kind).Append((char)token.Text.Length).Append((char)(token.Text.Length >> 16)).Append(token.Text);
            if (token.Doc is { Length: > 0 } doc) text.Append('\uFFFF').Append((char)doc.Length).Append(doc);
        }
        return Hash(text.ToString());
    }

    private static string Hash(string text)
    {
        using var sha = SHA256.Create();
        return Convert.ToBase64String(sha.ComputeHash(Encoding.Unicode.GetBytes(text)));
    }
}
