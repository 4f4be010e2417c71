namespace Emulator.Runtime.Assembly;

/// <summary>How the assembler makes sure of an encoding: it is decoded and disassembled.</summary>
public interface IDisassemblyCheck
{
    /// <summary>Disassembles the instruction at the start of <paramref name="bytes"/>.</summary>
    /// <returns>Its length in bytes; 0 or less when they are no whole instruction.</returns>
    int Disassemble(ReadOnlySpan<byte> bytes, out string text);
}
