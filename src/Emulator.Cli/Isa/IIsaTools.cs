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

    /// <summary>Machine number of its ELF files (System V ABI, e_machine).</summary>
    int ElfMachine { get; }

    /// <summary>Bits of its ELF files: 32 or 64.</summary>
    int ElfBits { get; }

    /// <summary>Whether the spec has aliases: pseudo-instructions.</summary>
    bool HasPseudoInstructions { get; }

    /// <summary>Disassembles the instruction at the start of <paramref name="code"/>.</summary>
    /// <param name="code">Bytes, at least one.</param>
    /// <param name="bits">Code size, one of <see cref="Bits"/>.</param>
    /// <param name="address">Address of the first byte.</param>
    /// <param name="pseudo">Whether pseudo-instructions are written where there are some.</param>
    /// <returns>Its text and length in bytes; null when the bytes are no instruction.</returns>
    (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address, bool pseudo);

    /// <summary>Bytes to pass over, of at least one byte that begins no instruction: those the instruction would have had.</summary>
    int Skip(ReadOnlySpan<byte> code);

    /// <summary>Assembles one instruction that is to stand at <paramref name="address"/>.</summary>
    /// <param name="text">The instruction.</param>
    /// <param name="bits">Code size, one of <see cref="Bits"/>.</param>
    /// <param name="address">Its address.</param>
    /// <param name="pseudo">Whether it may be a pseudo-instruction.</param>
    AssemblyResult Assemble(string text, int bits, ulong address, bool pseudo);
}
