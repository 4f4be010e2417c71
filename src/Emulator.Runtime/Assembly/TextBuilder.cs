namespace Emulator.Runtime;

/// <summary>Writes assembly text into memory of the caller's, without allocation.</summary>
/// <param name="buffer">Where the text goes; what does not fit is cut off.</param>
public ref struct TextBuilder(Span<char> buffer)
{
    private readonly Span<char> buffer = buffer;

    /// <summary>Characters written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the text was longer than the buffer.</summary>
    public bool Truncated { get; private set; }

    /// <summary>The text so far.</summary>
    public readonly ReadOnlySpan<char> Text => buffer[..Length];

    public void Append(string text)
    {
        if (text.Length > buffer.Length - Length)
        {
            Truncated = true;
            text = text[..(buffer.Length - Length)];
        }
        text.CopyTo(buffer[Length..]);
        Length += text.Length;
    }

    public void Append(char c)
    {
        if (Length == buffer.Length) Truncated = true;
        else buffer[Length++] = c;
    }

    /// <summary>The element of a table of names; nothing when there is none of that number.</summary>
    public void Append(string[] names, UInt128 index)
    {
        if (index < (UInt128)names.Length) Append(names[(int)index]);
    }

    /// <summary>Hexadecimal, in lower case: <c>0x1f</c>.</summary>
    public void AppendHex(UInt128 value)
    {
        Append("0x");
        int digits = 1;
        while (digits < 32 && value >> (4 * digits) != 0) digits++;
        while (digits-- > 0) Append("0123456789abcdef"[(int)(value >> (4 * digits)) & 15]);
    }

    /// <summary>Hexadecimal with a sign, of a two's complement value of <paramref name="width"/> bits: <c>+0x10</c>, <c>-0x10</c>.</summary>
    public void AppendSignedHex(UInt128 value, int width)
    {
        bool negative = (value >> (width - 1) & 1) != 0;
        Append(negative ? '-' : '+');
        AppendHex(negative ? Magnitude(value, width) : value);
    }

    /// <summary>Decimal: <c>31</c>.</summary>
    public void AppendDecimal(UInt128 value)
    {
        Span<char> digits = stackalloc char[40];
        int at = digits.Length;
        do
        {
            (value, UInt128 digit) = UInt128.DivRem(value, 10);
            digits[--at] = (char)('0' + (int)digit);
        }
        while (value != 0);
        while (at < digits.Length) Append(digits[at++]);
    }

    /// <summary>Decimal, of a two's complement value of <paramref name="width"/> bits: <c>-31</c>.</summary>
    public void AppendSignedDecimal(UInt128 value, int width)
    {
        bool negative = (value >> (width - 1) & 1) != 0;
        if (negative) Append('-');
        AppendDecimal(negative ? Magnitude(value, width) : value);
    }

    public override readonly string ToString() => Text.ToString();

    private static UInt128 Magnitude(UInt128 value, int width) => (UInt128.Zero - value) & (UInt128.MaxValue >> (128 - width));
}
