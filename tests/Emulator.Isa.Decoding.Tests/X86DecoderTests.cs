namespace Emulator.Isa.Decoding.Tests;

/// <summary>The decoder of the repository's x86 spec.</summary>
public sealed class X86DecoderTests
{
    [Theory]
    [InlineData("90", "1 NOP")]
    public void Decodes(string bytes, string expected)
    {
        var decoder = GeneratedDecoder.X86;
        decoder.Mode(("osz", 32), ("asz", 32), ("ssz", 32));
        System.IO.Directory.CreateDirectory("/tmp/gen");
        foreach (var f in decoder.Files) System.IO.File.WriteAllText("/tmp/gen/" + f.Name, f.Text);
        Assert.Equal(expected, decoder.Decode(bytes));
    }
}
