using System.Globalization;

namespace Emulator.Testing;

/// <summary>What a <see cref="RunRecorder"/> shows.</summary>
public sealed record RunRecorderOptions
{
    /// <summary>Name of the program counter.</summary>
    public required string ProgramCounter { get; init; }

    /// <summary>Registers to show, in order; names as in <see cref="ITestCpu"/>.</summary>
    public required IReadOnlyList<string> Registers { get; init; }

    /// <summary>Physical memory to watch.</summary>
    public IReadOnlyList<MemoryWindow> Memory { get; init; } = [];

    /// <summary>Most bytes of one instruction.</summary>
    public int MaxInstructionLength { get; init; } = 15;

    /// <summary>Physical address of the code byte at a program counter.</summary>
    public Func<ITestCpu, ulong, ulong> CodeAddress { get; init; } = (_, pc) => pc;

    /// <summary>Length and text of the instruction at the start of the bytes, which lie at the given program counter.</summary>
    public required Func<ITestCpu, byte[], ulong, (int Length, string Text)> Disassemble { get; init; }

    /// <summary>Text of a trap number.</summary>
    public Func<int, string> TrapName { get; init; } = trap => trap.ToString(CultureInfo.InvariantCulture);

    /// <summary>A remark on a register's old and new value (the flags that changed, say); both are equal for a final value. Empty for none.</summary>
    public Func<string, ulong, ulong, string> Annotate { get; init; } = (_, _, _) => "";
}
