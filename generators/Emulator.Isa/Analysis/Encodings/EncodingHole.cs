namespace Emulator.Isa.Analysis.Encodings;

/// <summary>Bytes (or words) that no form matches.</summary>
/// <param name="Pattern">Bytes in hexadecimal with ranges, <c>0F 04,0A,24-27</c>; for words the bits, highest first, with <c>-</c> for any.</param>
/// <param name="Example">One of them, with the prefixes that lead there.</param>
/// <param name="Always">Whether that holds whatever prefixes and mode are.</param>
public sealed record EncodingHole(string Pattern, string Example, bool Always);
