namespace Emulator.Runtime.Assembly;

/// <summary>How the assembler makes sure of an encoding: it is decoded and disassembled.</summary>
public interface IDisassemblyCheck
{
    /// <summary>Disassembles the instruction at the start of <paramref name="bytes"/>.</summary>
    /// <returns>Its length in bytes; 0 or less when they are no whole instruction.</returns>
    int Disassemble(ReadOnlySpan<byte> bytes, out string text);

    /// <summary>The same with a certain alias of the form as the text: empty when it does not stand for the instruction. 0 is the form's own text.</summary>
    int Disassemble(ReadOnlySpan<byte> bytes, int alias, out string text) => Disassemble(bytes, out text);
}
