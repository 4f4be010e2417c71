using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Testing.RiscV;

/// <summary>What is generated for one width of RISC-V, behind one face.</summary>
public abstract class RiscvWidth
{
    /// <summary>RV32.</summary>
    public static RiscvWidth Rv32 { get; } = new Narrow();

    /// <summary>RV64.</summary>
    public static RiscvWidth Rv64 { get; } = new Wide();

    /// <summary>Bits of a register.</summary>
    public abstract int Xlen { get; }

    /// <summary>Bytes of a register.</summary>
    public int Word => Xlen / 8;

    /// <summary>The forms, and what is known of them.</summary>
    public abstract IsaMetadata Metadata { get; }

    /// <summary>The width of a number of bits, 32 or 64.</summary>
    public static RiscvWidth Of(int xlen) => xlen == 64 ? Rv64 : Rv32;

    /// <summary>Length in bytes and form of the instruction at the start of some bytes; null for bytes that are none.</summary>
    public abstract (int Length, int Form)? Decode(ReadOnlySpan<byte> bytes, ulong pc);

    /// <summary>Text of the instruction at the start of some bytes; empty for bytes that are none.</summary>
    public string Disassemble(ReadOnlySpan<byte> bytes, ulong pc) => Disassemble(bytes, pc, pseudo: false);

    /// <summary>The same, with pseudo-instructions or without.</summary>
    public abstract string Disassemble(ReadOnlySpan<byte> bytes, ulong pc, bool pseudo);

    /// <summary>Assembles one instruction; null, with the reason, when the text is none.</summary>
    public byte[]? Assemble(string text, ulong pc, out string error) => Assemble(text, pc, pseudo: false, out error);

    /// <summary>The same for a text that may be a pseudo-instruction, or may not.</summary>
    public abstract byte[]? Assemble(string text, ulong pc, bool pseudo, out string error);

    private sealed unsafe class Narrow : RiscvWidth
    {
        public override int Xlen => 32;

        public override IsaMetadata Metadata => Rv32Metadata.Instance;

        public override (int Length, int Form)? Decode(ReadOnlySpan<byte> bytes, ulong pc)
        {
            Rv32DecodeMode mode = default;
            Rv32Instruction instruction = default;
            fixed (byte* start = bytes)
            {
                int length = Rv32Decoder.Decode(in mode, start, bytes.Length, pc, &instruction);
                return length > 0 && instruction.RejectTrap == 0 ? (length, instruction.Form) : null;
            }
        }

        public override string Disassemble(ReadOnlySpan<byte> bytes, ulong pc, bool pseudo)
        {
            string text;
            _ = pseudo ? Rv32Disassembler.DisassembleWithAliases(default, bytes, pc, out text) : Rv32Disassembler.Disassemble(default, bytes, pc, out text);
            return text;
        }

        public override byte[]? Assemble(string text, ulong pc, bool pseudo, out string error)
        {
            Span<byte> bytes = stackalloc byte[8];
            bool done = pseudo
                ? Rv32Assembler.TryAssembleWithAliases(default, pc, text, bytes, out int length, out error)
                : Rv32Assembler.TryAssemble(default, pc, text, bytes, out length, out error);
            return done ? bytes[..length].ToArray() : null;
        }
    }

    private sealed unsafe class Wide : RiscvWidth
    {
        public override int Xlen => 64;

        public override IsaMetadata Metadata => Rv64Metadata.Instance;

        public override (int Length, int Form)? Decode(ReadOnlySpan<byte> bytes, ulong pc)
        {
            Rv64DecodeMode mode = default;
            Rv64Instruction instruction = default;
            fixed (byte* start = bytes)
            {
                int length = Rv64Decoder.Decode(in mode, start, bytes.Length, pc, &instruction);
                return length > 0 && instruction.RejectTrap == 0 ? (length, instruction.Form) : null;
            }
        }

        public override string Disassemble(ReadOnlySpan<byte> bytes, ulong pc, bool pseudo)
        {
            string text;
            _ = pseudo ? Rv64Disassembler.DisassembleWithAliases(default, bytes, pc, out text) : Rv64Disassembler.Disassemble(default, bytes, pc, out text);
            return text;
        }

        public override byte[]? Assemble(string text, ulong pc, bool pseudo, out string error)
        {
            Span<byte> bytes = stackalloc byte[8];
            bool done = pseudo
                ? Rv64Assembler.TryAssembleWithAliases(default, pc, text, bytes, out int length, out error)
                : Rv64Assembler.TryAssemble(default, pc, text, bytes, out length, out error);
            return done ? bytes[..length].ToArray() : null;
        }
    }
}
