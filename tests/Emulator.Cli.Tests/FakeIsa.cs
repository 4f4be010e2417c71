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

    public (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address) => code[0] == 0x90 ? ("nop", 1) : null;

    public AssemblyResult Assemble(string text, int bits, ulong address) =>
        text == "nop" ? new AssemblyResult([0x90], null) : new AssemblyResult([], "there is no such instruction.");
}
