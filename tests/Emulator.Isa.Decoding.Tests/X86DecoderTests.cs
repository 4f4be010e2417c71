namespace Emulator.Isa.Decoding.Tests;

/// <summary>The decoder of the repository's x86 spec.</summary>
public sealed class X86DecoderTests
{
    [Theory]
    [InlineData("90", "1 NOP")]
    [InlineData("F390", "2 PAUSE")]
    [InlineData("F36690", "3 PAUSE")]
    [InlineData("01 D8", "2 ADD")]
    [InlineData("01 84 8B 44332211", "7 ADD")]
    [InlineData("66 05 3412", "4 ADD")]
    [InlineData("67 8B 46 10", "4 MOV")]
    [InlineData("0F 85 00010000", "6 Jcc")]
    [InlineData("F0 01 00", "3 ADD")]
    [InlineData("F0 01 C0", "UD(0)")]
    [InlineData("F0 90", "UD(0)")]
    [InlineData("0F 04", "UD(0)")]
    [InlineData("", "more")]
    [InlineData("66", "more")]
    [InlineData("01", "more")]
    [InlineData("01 84 8B 443322", "more")]
    [InlineData("66 66 66 66 66 66 66 66 66 66 66 66 66 66 66", "GP(0)")]
    [InlineData("66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", "15 NOP")]
    [InlineData("66 66 66 66 66 66 66 66 66 66 66 66 66 66 04", "GP(0)")]
    public void Decodes(string bytes, string expected)
    {
        var decoder = GeneratedDecoder.X86;
        decoder.Mode(("osz", 32), ("asz", 32), ("ssz", 32));
        Assert.Equal(expected, decoder.Decode(bytes));
    }
}
