using System.Text;

namespace Emulator.Runtime.Assembly;

/// <summary>Assembly text as the search compares it: lower case, blanks only between words.</summary>
internal static class InputText
{
    /// <summary>Lower case; a run of blanks is one, and none stands beside punctuation.</summary>
    public static string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        bool blank = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                blank = true;
                continue;
            }
            if (blank && result.Length > 0 && IsWord(result[^1]) && IsWord(c)) result.Append(' ');
            blank = false;
            result.Append(char.ToLowerInvariant(c));
        }
        return result.ToString();
    }

    /// <summary>A character of a name or number.</summary>
    public static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.';

    /// <summary>The words of a normalised text that begin with a letter.</summary>
    public static IEnumerable<string> Words(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!IsWord(text[i])) continue;
            int start = i;
            while (i < text.Length && IsWord(text[i])) i++;
            if (char.IsAsciiLetter(text[start])) yield return text[start..i];
        }
    }

    /// <summary>Reads a number: decimal, <c>0x1f</c>, <c>1fh</c>, <c>0b101</c>, with <c>_</c> between digits and a sign before it.</summary>
    /// <param name="text">Normalised text.</param>
    /// <param name="at">Where to read; after the number when one was read.</param>
    /// <param name="value">Its value.</param>
    public static bool TryNumber(string text, ref int at, out Int128 value)
    {
        value = 0;
        int i = at;
        bool negative = false;
        for (; i < text.Length && text[i] is '+' or '-'; i++) negative ^= text[i] == '-';
        int start = i;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_')) i++;
        string digits = text[start..i].Replace("_", "", StringComparison.Ordinal);
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]) || !TryDigits(digits, out Int128 magnitude)) return false;
        value = negative ? -magnitude : magnitude;
        at = i;
        return true;
    }

    private static bool TryDigits(string text, out Int128 value)
    {
        value = 0;
        int radix = 10;
        if (text.StartsWith("0x", StringComparison.Ordinal)) (radix, text) = (16, text[2..]);
        else if (text.EndsWith('h')) (radix, text) = (16, text[..^1]);
        else if (text.StartsWith("0b", StringComparison.Ordinal)) (radix, text) = (2, text[2..]);
        if (text.Length is 0 or > 30) return false;
        foreach (char c in text)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix) return false;
            value = (value * radix) + digit;
        }
        return true;
    }
}
