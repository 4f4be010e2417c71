using Emulator.Cli.Parsing;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>Numbers with units.</summary>
public sealed class NumbersTests
{
    [Theory]
    [InlineData("64M", 64L << 20)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("512k", 512L << 10)]
    [InlineData("2GB", 2L << 30)]
    [InlineData("0x1000", 4096L)]
    [InlineData("1_000", 1000L)]
    public void Sizes(string text, long expected)
    {
        Assert.True(Numbers.TryParseSize(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("500M", 500_000_000L)]
    [InlineData("12", 12L)]
    [InlineData("0xff", 255L)]
    public void Counts(string text, long expected)
    {
        Assert.True(Numbers.TryParseCount(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-5")]
    [InlineData("0x")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999999G")]
    public void Nonsense_is_refused(string text)
    {
        Assert.False(Numbers.TryParseSize(text, out _));
        Assert.False(Numbers.TryParseCount(text, out _));
    }
}
