using Emulator.Cli.Isa;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>The x86 instruction set behind the command line.</summary>
public sealed class X86ToolsTests
{
    private static readonly X86Tools X86 = new();

    [Fact]
    public void Disassembles_by_code_size()
    {
        Assert.Equal(("mov eax, 0x1", 5), X86.Disassemble([0xB8, 1, 0, 0, 0], 32, 0, false));
        Assert.Equal(("mov ax, 0x1", 3), X86.Disassemble([0xB8, 1, 0, 0, 0], 16, 0, false));
        // Half an instruction is none.
        Assert.Null(X86.Disassemble([0xB8, 1], 32, 0, false));
    }

    [Fact]
    public void Assembles_by_code_size_and_address()
    {
        Assert.Equal([0x66, 0xB8, 1, 0, 0, 0], X86.Assemble("mov eax, 1", 16, 0, false).Bytes);
        Assert.Equal([0xEB, 0xFE], X86.Assemble("jmp short 0x7c00", 16, 0x7C00, false).Bytes);
        Assert.Contains("did you mean 'mov'", X86.Assemble("mvo eax, 1", 32, 0, false).Error);
    }

    [Fact]
    public void Knows_its_forms() => Assert.Contains(X86.Forms, form => form is { Instruction: "HLT", Mark: "privileged" });
}
