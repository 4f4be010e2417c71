using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Cli.Isa;

/// <summary>The x86 instruction set.</summary>
internal sealed class X86Tools : IIsaTools
{
    /// <inheritdoc/>
    public string Name => X86Isa.Name;

    /// <inheritdoc/>
    public IReadOnlyList<int> Bits { get; } = [16, 32];

    /// <inheritdoc/>
    public int MaxLength => X86Isa.MaxInstructionLength;

    /// <inheritdoc/>
    public IReadOnlyList<FormInfo> Forms => X86Metadata.Instance.Forms;

    /// <inheritdoc/>
    public int ElfMachine => 3;

    /// <inheritdoc/>
    public int ElfBits => 32;

    /// <inheritdoc/>
    public bool HasPseudoInstructions => false;

    /// <inheritdoc/>
    public int Skip(ReadOnlySpan<byte> code) => 1;

    /// <inheritdoc/>
    public (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address, bool pseudo)
    {
        var mode = Mode(bits);
        var length = X86Disassembler.Disassemble(in mode, code, address, out var text);
        return length > 0 ? (text, length) : null;
    }

    /// <inheritdoc/>
    public AssemblyResult Assemble(string text, int bits, ulong address, bool pseudo)
    {
        var mode = Mode(bits);
        Span<byte> bytes = stackalloc byte[X86Isa.MaxInstructionLength];
        return X86Assembler.TryAssemble(in mode, address, text, bytes, out var length, out var error)
            ? new AssemblyResult(bytes[..length].ToArray(), null)
            : new AssemblyResult([], error);
    }

    /// <summary>Code, data and stack of one size.</summary>
    private static X86DecodeMode Mode(int bits) => new() { osz = (byte)bits, asz = (byte)bits, ssz = (byte)bits };
}
