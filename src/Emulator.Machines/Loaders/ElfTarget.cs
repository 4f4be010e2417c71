namespace Emulator.Machines;

/// <summary>What an ELF file must be for to run on a processor.</summary>
/// <param name="Name">Name of the architecture, as messages give it.</param>
/// <param name="Machine">Value of e_machine.</param>
/// <param name="Bits">Width: 32 or 64.</param>
/// <param name="Remedy">What to do about a file of the other width.</param>
public sealed record ElfTarget(string Name, ushort Machine, int Bits, string Remedy)
{
    /// <summary>The 32-bit PC.</summary>
    public static ElfTarget I386 { get; } = new("i386", 3, 32, "build it with -m32");

    /// <summary>RISC-V of 32 bits.</summary>
    public static ElfTarget Riscv32 { get; } = new("RISC-V", 243, 32, "build it with -march=rv32imac -mabi=ilp32, or choose the processor rv64");

    /// <summary>RISC-V of 64 bits.</summary>
    public static ElfTarget Riscv64 { get; } = new("RISC-V", 243, 64, "build it with -march=rv64imac -mabi=lp64, or choose the processor rv32");

    /// <summary>Bytes of the file header.</summary>
    internal int HeaderSize => Bits == 64 ? 64 : 52;

    /// <summary>Bytes of a program header.</summary>
    internal int ProgramHeaderSize => Bits == 64 ? 56 : 32;
}
