using Emulator.X86;

namespace Emulator.Conformance.Sweep;

/// <summary>The generated decoder and disassembler.</summary>
internal static unsafe class FirstOpinion
{
    /// <summary>The instruction; invalid when decoding rejects the bytes or wants more than an instruction may have.</summary>
    public static bool Decode(int bits, byte[] bytes, uint ip, out X86Instruction instruction)
    {
        var mode = new X86DecodeMode { osz = (byte)bits, asz = (byte)bits, ssz = (byte)bits };
        instruction = default;
        fixed (byte* p = bytes)
        {
            fixed (X86Instruction* result = &instruction)
                return X86Decoder.Decode(mode, p, bytes.Length, ip, result) > 0;
        }
    }

    /// <summary>The text.</summary>
    public static string Format(in X86Instruction instruction) => X86Disassembler.Format(instruction);
}
