using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Cli.Isa;

/// <summary>RISC-V of 64 bits.</summary>
internal sealed class Rv64Tools : IIsaTools
{
    /// <inheritdoc/>
    public string Name => Rv64Isa.Name;

    /// <inheritdoc/>
    public IReadOnlyList<int> Bits { get; } = [64];

    /// <inheritdoc/>
    public int MaxLength => Rv64Isa.MaxInstructionLength;

    /// <inheritdoc/>
    public IReadOnlyList<FormInfo> Forms => Rv64Metadata.Instance.Forms;

    /// <inheritdoc/>
    public int ElfMachine => 243;

    /// <inheritdoc/>
    public int ElfBits => 64;

    /// <inheritdoc/>
    public bool HasPseudoInstructions => true;

    /// <summary>The two lowest bits say whether a word has 16 bits or 32.</summary>
    public int Skip(ReadOnlySpan<byte> code) => Math.Min(code.Length, (code[0] & 3) == 3 ? 4 : 2);

    /// <inheritdoc/>
    public (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address, bool pseudo)
    {
        var length = pseudo
            ? Rv64Disassembler.DisassembleWithAliases(default, code, address, out var text)
            : Rv64Disassembler.Disassemble(default, code, address, out text);
        return length > 0 ? (text, length) : null;
    }

    /// <inheritdoc/>
    public AssemblyResult Assemble(string text, int bits, ulong address, bool pseudo)
    {
        Span<byte> bytes = stackalloc byte[Rv64Isa.MaxInstructionLength];
        var done = pseudo
            ? Rv64Assembler.TryAssembleWithAliases(default, address, text, bytes, out var length, out var error)
            : Rv64Assembler.TryAssemble(default, address, text, bytes, out length, out error);
        return done ? new AssemblyResult(bytes[..length].ToArray(), null) : new AssemblyResult([], error);
    }
}
