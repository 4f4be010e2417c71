using Emulator.Runtime;

namespace Emulator.Isa.Text.Tests;

/// <summary>A generated disassembler, assembler and metadata, behind an interface the tests know.</summary>
public interface ITextProbe
{
    /// <summary>Sets the initial value of an axis.</summary>
    void SetMode(string axis, byte value);

    int Disassemble(ReadOnlySpan<byte> bytes, ulong pc, out string text);

    bool TryAssemble(ulong pc, string text, Span<byte> bytes, out int length, out string error);

    /// <summary>With aliases where the spec has some.</summary>
    int DisassembleWithAliases(ReadOnlySpan<byte> bytes, ulong pc, out string text);

    /// <summary>Aliases are read too, where the spec has some.</summary>
    bool TryAssembleWithAliases(ulong pc, string text, Span<byte> bytes, out int length, out string error);

    IReadOnlyList<string> Shapes(string mnemonic);

    IsaMetadata Metadata { get; }
}
