namespace Emulator.Isa.Text.Tests;

/// <summary>People leave out the size of a memory operand where a register says it; where nothing says it, they are asked.</summary>
public sealed class OmittedWordsTests
{
    [Theory]
    [InlineData("mov eax, [esi]", "mov eax, dword [esi]")]
    [InlineData("mov [edi+0x4], cl", "mov byte [edi+0x4], cl")]
    [InlineData("add [ebx], dx", "add word [ebx], dx")]
    [InlineData("lock xadd [ebx], eax", "lock xadd dword [ebx], eax")]
    [InlineData("imul eax, [ecx]", "imul eax, dword [ecx]")]
    public void WhatARegisterSaysNeedNotBeSaid(string text, string full)
    {
        byte[]? bytes = X86Text.Assemble(32, text, 0, out string error);
        Assert.True(bytes is not null, error);
        Assert.Equal(X86Text.Assemble(32, full, 0, out _), bytes);
        X86Text.Disassemble(32, bytes, 0, out string shown);
        Assert.Equal(full, shown);
    }

    [Fact]
    public void WhatNothingSaysIsAskedFor()
    {
        Assert.Null(X86Text.Assemble(32, "inc [ebx]", 0, out string error));
        Assert.Equal("it can mean several instructions; say which: 'inc byte [ebx]', 'inc dword [ebx]', 'inc word [ebx]'", error);
        Assert.Null(X86Text.Assemble(32, "inc [ebx", 0, out error));
        Assert.StartsWith("these operands fit no form of 'inc'", error, StringComparison.Ordinal);
    }
}
