using Emulator.Machines;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Testing.X86;

/// <summary>The least machine a guest of tests/guests runs on: RAM, the debug console at port E9h, the exit port 501h, and a multiboot loader.</summary>
public sealed class GuestMachine : IDisposable
{
    private const int MemoryBytes = 64 << 20;
    private const int ConsolePort = 0xE9, ExitPort = 0x501;

    private readonly PortBus _ports = new();
    private readonly TestCpu<X86Isa> _cpu;

    /// <summary>Loads a multiboot kernel.</summary>
    /// <exception cref="InvalidDataException">The file is none.</exception>
    public GuestMachine(string path)
    {
        _ports.Map(ConsolePort, 1, (_, _) => ConsolePort, (_, _, value) => Written?.Invoke((char)value));
        _ports.Map(ExitPort, 1, null, (_, _, value) =>
        {
            ExitCode = (byte)value;
            _cpu!.Cpu.Stop();
        });
        _cpu = TestCpus.CreateX86(MemoryBytes, _ports);
        Load(path);
    }

    /// <summary>A character was written to the debug console.</summary>
    public event Action<char>? Written;

    /// <summary>The processor and its memory.</summary>
    public ITestCpu Cpu => _cpu;

    /// <summary>What the guest wrote to the exit port; -1 before it did.</summary>
    public int ExitCode { get; private set; } = -1;

    /// <summary>Instructions started.</summary>
    public long Instructions => _cpu.InstructionCount;

    /// <summary>Runs at full speed until the guest exits, and says how it ended.</summary>
    public string Run(long budget)
    {
        StepResult result = _cpu.Run(budget);
        return ExitCode >= 0 ? $"exit {ExitCode}" : $"{result.Kind} at {_cpu.Get("eip"):x8}";
    }

    /// <inheritdoc/>
    public void Dispose() => _cpu.Dispose();

    private void Load(string path)
    {
        var file = new ImageFile(Path.GetFileName(path), File.ReadAllBytes(path));
        var ram = new RamMap([new RamRange(0, RamMap.ConventionalEnd), new RamRange(RamMap.ExtendedStart, MemoryBytes)]);
        if (!KernelLoader.Load(file, "", [], ram).TryGet(out BootImage? image, out ImageError? error))
            throw new InvalidDataException(error.ToString());
        foreach (LoadSegment segment in image.Segments)
            _cpu.WriteMemory(segment.Address, segment.Content.Span);
        _cpu.Set("eax", image.Entry.Eax);
        _cpu.Set("ebx", image.Entry.Ebx);
        TestCpus.EnterFlat(_cpu, image.Entry.Eip);
    }
}
