using Emulator.Cli.Isa;
using Emulator.Runtime;

namespace Emulator.Cli.Tests;

/// <summary>An instruction set with one instruction: 90.</summary>
internal sealed class FakeIsa : IIsaTools
{
    public string Name => "toy";

    public IReadOnlyList<int> Bits => [16, 32];

    public int MaxLength => 2;

    public IReadOnlyList<FormInfo> Forms { get; } =
    [
        new() { Instruction = "NOP", Mnemonic = "nop", Encoding = "90", Mark = "innocuous", Chapter = "Other" },
        new() { Instruction = "HLT", Mnemonic = "hlt", Encoding = "F4", Mark = "privileged", Traps = ["GP"], Flags = OpFlags.EndsBlock | OpFlags.MayTrap },
    ];

    public int ElfMachine => 999;

    public int ElfBits => 32;

    public bool HasPseudoInstructions => false;

    public int Skip(ReadOnlySpan<byte> code) => 1;

    public (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address, bool pseudo) => code[0] == 0x90 ? ("nop", 1) : null;

    public AssemblyResult Assemble(string text, int bits, ulong address, bool pseudo) =>
        text == "nop" ? new AssemblyResult([0x90], null) : new AssemblyResult([], "there is no such instruction.");
}
