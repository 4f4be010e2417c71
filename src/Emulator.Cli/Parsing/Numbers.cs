using System.Globalization;

namespace Emulator.Cli.Parsing;

/// <summary>Numbers as people write them: <c>64M</c>, <c>0x7C00</c>, <c>1_000_000</c>.</summary>
internal static class Numbers
{
    /// <summary>Parses a number, decimal or with <c>0x</c>; <c>_</c> may separate digits.</summary>
    public static bool TryParse(string text, out long value)
    {
        var digits = text.Replace("_", string.Empty, StringComparison.Ordinal);
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0
            : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Parses a number of bytes with an optional unit: K, M or G (powers of 1024, a trailing B or iB allowed).</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        var number = text.Trim();
        var shift = 0;
        if (!number.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            number = number.TrimEnd('b', 'B').TrimEnd('i');
            shift = number.Length == 0 ? 0 : char.ToUpperInvariant(number[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
            number = shift == 0 ? number : number[..^1];
        }

        bytes = 0;
        if (!TryParse(number, out var count) || count > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = count << shift;
        return true;
    }

    /// <summary>Parses a count with an optional unit of thousands: K, M or G.</summary>
    public static bool TryParseCount(string text, out long count)
    {
        var factor = text.Length == 0 || text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? 1
            : char.ToUpperInvariant(text[^1]) switch { 'K' => 1_000L, 'M' => 1_000_000L, 'G' => 1_000_000_000L, _ => 1L };
        if (!TryParse(factor == 1 ? text : text[..^1], out count) || count > long.MaxValue / factor)
        {
            return false;
        }

        count *= factor;
        return true;
    }
}
