using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Cli.Isa;

/// <summary>RISC-V of 32 bits.</summary>
internal sealed class Rv32Tools : IIsaTools
{
    /// <inheritdoc/>
    public string Name => Rv32Isa.Name;

    /// <inheritdoc/>
    public IReadOnlyList<int> Bits { get; } = [32];

    /// <inheritdoc/>
    public int MaxLength => Rv32Isa.MaxInstructionLength;

    /// <inheritdoc/>
    public IReadOnlyList<FormInfo> Forms => Rv32Metadata.Instance.Forms;

    /// <inheritdoc/>
    public int ElfMachine => 243;

    /// <inheritdoc/>
    public int ElfBits => 32;

    /// <inheritdoc/>
    public bool HasPseudoInstructions => true;

    /// <summary>The two lowest bits say whether a word has 16 bits or 32.</summary>
    public int Skip(ReadOnlySpan<byte> code) => Math.Min(code.Length, (code[0] & 3) == 3 ? 4 : 2);

    /// <inheritdoc/>
    public (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address, bool pseudo)
    {
        var length = pseudo
            ? Rv32Disassembler.DisassembleWithAliases(default, code, address, out var text)
            : Rv32Disassembler.Disassemble(default, code, address, out text);
        return length > 0 ? (text, length) : null;
    }

    /// <inheritdoc/>
    public AssemblyResult Assemble(string text, int bits, ulong address, bool pseudo)
    {
        Span<byte> bytes = stackalloc byte[Rv32Isa.MaxInstructionLength];
        var done = pseudo
            ? Rv32Assembler.TryAssembleWithAliases(default, address, text, bytes, out var length, out var error)
            : Rv32Assembler.TryAssemble(default, address, text, bytes, out length, out error);
        return done ? new AssemblyResult(bytes[..length].ToArray(), null) : new AssemblyResult([], error);
    }
}
