using Emulator.Runtime;

namespace Emulator.Cli.Isa;

/// <summary>An instruction set as the command line sees it.</summary>
internal interface IIsaTools
{
    /// <summary>Name as in the spec.</summary>
    string Name { get; }

    /// <summary>Code sizes it can be in, the default last.</summary>
    IReadOnlyList<int> Bits { get; }

    /// <summary>Most bytes one instruction can have.</summary>
    int MaxLength { get; }

    /// <summary>Metadata of every form.</summary>
    IReadOnlyList<FormInfo> Forms { get; }

    /// <summary>Disassembles the instruction at the start of <paramref name="code"/>.</summary>
    /// <returns>Its text and length in bytes; null when the bytes are no instruction.</returns>
    (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address);

    /// <summary>Assembles one instruction that is to stand at <paramref name="address"/>.</summary>
    AssemblyResult Assemble(string text, int bits, ulong address);
}
