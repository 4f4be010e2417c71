namespace Emulator.Testing;

/// <summary>A CPU under test with its memory, reached through names only, so that one set of tests serves every ISA and every back end.</summary>
/// <remarks>
/// Register names are those of the ISA's metadata, in any case: <c>eax</c>, <c>eip</c>, <c>eflags</c>, <c>cs.sel</c>, <c>cs.base</c>. Memory is physical.
/// Ports that no device answers read as all ones.
/// </remarks>
public interface ITestCpu
{
    /// <summary>Instructions started since the last <see cref="Reset"/>.</summary>
    long InstructionCount { get; }

    /// <summary>Puts the CPU to its reset state; memory keeps its contents.</summary>
    void Reset();

    /// <summary>Identity of a register, or -1 when there is none of that name.</summary>
    int FindRegister(string name);

    /// <summary>Width of a register in bits.</summary>
    int RegisterWidth(int register);

    /// <summary>Value of a register, zero-extended.</summary>
    ulong ReadRegister(int register);

    /// <summary>Writes a register; bits beyond its width are dropped. Takes effect with <see cref="StateChanged"/>.</summary>
    void WriteRegister(int register, ulong value);

    /// <summary>To be called after registers were written and before executing: derived states are recomputed, translations dropped.</summary>
    void StateChanged();

    /// <summary>A copy of the whole architectural state, without memory.</summary>
    byte[] SaveState();

    /// <summary>Restores what <see cref="SaveState"/> of the same CPU returned.</summary>
    void LoadState(ReadOnlySpan<byte> state);

    /// <summary>Reads physical memory.</summary>
    void ReadMemory(ulong address, Span<byte> destination);

    /// <summary>Writes physical memory; code decoded from it is dropped.</summary>
    void WriteMemory(ulong address, ReadOnlySpan<byte> source);

    /// <summary>Executes one instruction, and delivers the trap it raises.</summary>
    StepResult Step();

    /// <summary>Executes up to <paramref name="instructions"/> at full speed; returns early when halted or stopped. Traps are delivered but not reported.</summary>
    StepResult Run(long instructions);
}
