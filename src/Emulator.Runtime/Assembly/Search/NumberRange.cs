namespace Emulator.Runtime.Assembly;

/// <summary>A number that does not fit where it stands.</summary>
/// <param name="Value">The number.</param>
/// <param name="Least">Least number that fits.</param>
/// <param name="Greatest">Greatest number that fits.</param>
internal sealed record NumberRange(Int128 Value, Int128 Least, Int128 Greatest)
{
    public override string ToString() => $"{Text(Value)} is out of range: this operand takes {Text(Least)} to {Text(Greatest)}";

    /// <summary>Decimal for small numbers, hexadecimal for others.</summary>
    private static string Text(Int128 value) => Int128.Abs(value) < 1000
        ? value.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : (value < 0 ? "-" : "") + "0x" + Int128.Abs(value).ToString("x", System.Globalization.CultureInfo.InvariantCulture).TrimStart('0');
}
