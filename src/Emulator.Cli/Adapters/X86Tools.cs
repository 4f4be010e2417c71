using Emulator.Runtime;

namespace Emulator.Cli.Isa;

/// <summary>The x86 instruction set.</summary>
internal sealed class X86Tools : IIsaTools
{
    public string Name => "x86";

    public IReadOnlyList<int> Bits { get; } = [16, 32];

    public int MaxLength => 15;

    public IReadOnlyList<FormInfo> Forms => [];

    public (string Text, int Length)? Disassemble(ReadOnlySpan<byte> code, int bits, ulong address) => null;

    public AssemblyResult Assemble(string text, int bits, ulong address) => new([], "this build has no x86.");
}
