using Emulator.Runtime;

namespace Emulator.Isa.Text.Tests;

/// <summary>Number formats, and text that does not fit.</summary>
public sealed class TextBuilderTests
{
    [Theory]
    [InlineData(0u, "0x0")]
    [InlineData(0x1Fu, "0x1f")]
    [InlineData(0xFFFFFFFFu, "0xffffffff")]
    public void Hex(uint value, string expected)
    {
        TextBuilder text = new(stackalloc char[40]);
        text.AppendHex(value);
        Assert.Equal(expected, text.ToString());
    }

    [Theory]
    [InlineData(0x10u, 8, "+0x10")]
    [InlineData(0xF0u, 8, "-0x10")]
    [InlineData(0x80u, 8, "-0x80")]
    [InlineData(0xF0u, 16, "+0xf0")]
    [InlineData(0x80000000u, 32, "-0x80000000")]
    public void SignedHex(uint value, int width, string expected)
    {
        TextBuilder text = new(stackalloc char[40]);
        text.AppendSignedHex(value, width);
        Assert.Equal(expected, text.ToString());
    }

    [Fact]
    public void WideNumbers()
    {
        TextBuilder text = new(stackalloc char[200]);
        text.AppendHex(UInt128.MaxValue);
        text.Append(' ');
        text.AppendDecimal(UInt128.MaxValue);
        text.Append(' ');
        text.AppendSignedDecimal(UInt128.MaxValue, 128);
        Assert.Equal("0xffffffffffffffffffffffffffffffff 340282366920938463463374607431768211455 -1", text.ToString());
    }

    [Fact]
    public void WhatDoesNotFitIsCutOff()
    {
        TextBuilder text = new(stackalloc char[4]);
        text.Append("abc");
        Assert.False(text.Truncated);
        text.Append("def");
        text.Append('g');
        Assert.True(text.Truncated);
        Assert.Equal("abcd", text.ToString());
    }

    [Fact]
    public void NamesOutsideTheTableAreEmpty()
    {
        TextBuilder text = new(stackalloc char[4]);
        text.Append(["a", "b"], 1u);
        text.Append(["a", "b"], 2u);
        Assert.Equal("b", text.ToString());
    }
}
