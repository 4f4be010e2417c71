namespace Emulator.Runtime.Assembly;

/// <summary>How a number is written: hexadecimal, hexadecimal with a sign, decimal, decimal of a two's complement value.</summary>
internal enum NumberFormat { Hex, SignedHex, Decimal, SignedDecimal }
