using Emulator.Machines;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Testing.X86;

/// <summary>A PC that runs a multiboot kernel and collects what it writes to the debug console.</summary>
public sealed class GuestMachine : IDisposable
{
    private readonly PcMachine _pc;
    private readonly TestCpu<X86Isa> _cpu;

    /// <summary>Loads a kernel from a file.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public GuestMachine(string path)
        : this(new ImageFile(Path.GetFileName(path), File.ReadAllBytes(path)))
    {
    }

    /// <summary>Loads a kernel.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public GuestMachine(ImageFile kernel)
    {
        var builder = new PcBuilder { Kernel = kernel, DebugConsole = b => Written?.Invoke((char)b) };
        if (!builder.Build().TryGet(out PcMachine? pc, out ImageError? error))
            throw new InvalidDataException(error.ToString());
        _pc = pc;
        _cpu = new TestCpu<X86Isa>(X86Metadata.Instance, pc.Memory, pc.Cpu);
    }

    /// <summary>A character was written to the debug console.</summary>
    public event Action<char>? Written;

    /// <summary>The machine.</summary>
    public PcMachine Pc => _pc;

    /// <summary>Its processor and memory.</summary>
    public TestCpu<X86Isa> Cpu => _cpu;

    /// <summary>What the guest wrote to isa-debug-exit; -1 before it did.</summary>
    public int ExitCode { get; private set; } = -1;

    /// <summary>Instructions started.</summary>
    public long Instructions => _pc.Instructions;

    /// <summary>Runs at full speed until the guest exits, and says how it ended.</summary>
    public string Run(long budget)
    {
        PcRun run = _pc.Run(budget);
        if (run.End != PcEnd.GuestExit)
            return $"{run.End} at {_cpu.Get("eip"):x8}";

        // The device gives 2 * code + 1.
        ExitCode = run.ExitCode >> 1;
        return $"exit {ExitCode}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cpu.Dispose();
        _pc.Dispose();
    }
}
