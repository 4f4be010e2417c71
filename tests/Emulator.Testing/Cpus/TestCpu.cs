using Emulator.Runtime;

namespace Emulator.Testing;

/// <summary>A generated CPU behind <see cref="ITestCpu"/>.</summary>
/// <remarks>Registers are found in the ISA's metadata: <c>eip</c> (a state), <c>eax</c> (an element of an array), <c>cs.sel</c> (a field of a record), <c>cr0</c>
/// (a state of bit fields, as a whole), <c>zf</c> (one of its fields).</remarks>
public sealed unsafe class TestCpu<TIsa> : ITestCpu, IDisposable
    where TIsa : struct, IIsa
{
    private readonly Cpu<TIsa> _cpu;
    private readonly PhysicalMemory _memory;
    private readonly IsaMetadata _metadata;
    private readonly Witness _witness = new();
    private readonly List<(int State, int Atom, int Element, int Width)> _registers = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.OrdinalIgnoreCase);
    private long _atReset;

    /// <summary>Makes a CPU that is in its reset state.</summary>
    /// <param name="metadata">The ISA's metadata.</param>
    /// <param name="memory">Physical memory; belongs to the caller.</param>
    /// <param name="options">The CPU's options, among them the buses; one of them is <paramref name="memory"/>.</param>
    public TestCpu(IsaMetadata metadata, PhysicalMemory memory, CpuOptions options)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(memory);
        _metadata = metadata;
        _memory = memory;
        _cpu = new Cpu<TIsa>(options);
        for (int state = 0; state < metadata.States.Count; state++)
            AddNames(state, metadata.States[state]);
    }

    /// <summary>The CPU itself.</summary>
    public Cpu<TIsa> Cpu => _cpu;

    /// <summary>The form of the instruction that started last; null before the first one and for bytes that decoding rejected.</summary>
    public FormInfo? LastForm => _metadata.FormOf(_witness.Variant);

    /// <summary>Index of <see cref="LastForm"/> in the metadata, or -1.</summary>
    public int LastFormIndex => (uint)_witness.Variant < (uint)_metadata.VariantForms.Count ? _metadata.VariantForms[_witness.Variant] : -1;

    /// <summary>Names of all registers that <see cref="FindRegister"/> knows, lower-case.</summary>
    public IReadOnlyCollection<string> RegisterNames => _byName.Keys;

    /// <inheritdoc/>
    public long InstructionCount => _cpu.Instructions - _atReset;

    /// <inheritdoc/>
    public void Reset()
    {
        _cpu.Reset();
        _atReset = _cpu.Instructions;
    }

    /// <inheritdoc/>
    public int FindRegister(string name) => _byName.GetValueOrDefault(name, -1);

    /// <inheritdoc/>
    public int RegisterWidth(int register) => _registers[register].Width;

    /// <inheritdoc/>
    public ulong ReadRegister(int register)
    {
        (int state, int atom, int element, _) = _registers[register];
        return (ulong)StateAccess.Read<TIsa>(_cpu.State, _metadata.States[state], atom, element);
    }

    /// <inheritdoc/>
    public void WriteRegister(int register, ulong value)
    {
        (int state, int atom, int element, _) = _registers[register];
        StateAccess.Write<TIsa>(_cpu.State, _metadata.States[state], atom, element, value);
    }

    /// <inheritdoc/>
    public void StateChanged()
    {
        _cpu.StateChanged();
        _cpu.FlushTranslations();
    }

    /// <inheritdoc/>
    public byte[] SaveState() => new ReadOnlySpan<byte>(_cpu.State, TIsa.StateSize).ToArray();

    /// <inheritdoc/>
    public void LoadState(ReadOnlySpan<byte> state)
    {
        // The engine's own fields (budget, pending trap) are not state; the attention flag behind them is recomputed by StateChanged.
        CpuHeader header = *_cpu.State;
        state.CopyTo(new Span<byte>(_cpu.State, TIsa.StateSize));
        *_cpu.State = header;
    }

    /// <inheritdoc/>
    public void ReadMemory(ulong address, Span<byte> destination) => _memory.CopyOut(address, destination);

    /// <inheritdoc/>
    public void WriteMemory(ulong address, ReadOnlySpan<byte> source) => _memory.CopyIn(address, source);

    /// <inheritdoc/>
    public StepResult Step()
    {
        _witness.Trap = -1;
        _cpu.Engine.Observer = _witness;
        RunReason reason = _cpu.Run(1).Reason;
        int trap = _witness.Trap < 0 ? -1 : (int)_metadata.Traps[_witness.Trap].Number;
        if (reason is RunReason.Stopped or RunReason.TrapStorm || _cpu.IsStopped)
            return new(StepKind.Stopped, trap, _witness.Argument);
        if (trap >= 0)
            return new(StepKind.Trapped, trap, _witness.Argument);
        return new(reason == RunReason.Idle || _cpu.IsIdle ? StepKind.Halted : StepKind.Completed);
    }

    /// <inheritdoc/>
    public StepResult Run(long instructions)
    {
        _cpu.Engine.Observer = null;
        RunReason reason = _cpu.Run(instructions).Reason;
        if (reason is RunReason.Stopped or RunReason.TrapStorm || _cpu.IsStopped)
            return new(StepKind.Stopped);
        return new(reason == RunReason.Idle || _cpu.IsIdle ? StepKind.Halted : StepKind.Completed);
    }

    /// <inheritdoc/>
    public void Dispose() => _cpu.Dispose();

    private int Number() => _witness.Trap < 0 ? -1 : (int)_metadata.Traps[_witness.Trap].Number;

    private void AddNames(int state, StateInfo info)
    {
        for (int element = 0; element < info.Count; element++)
        {
            string name = element < info.ElementNames.Count ? info.ElementNames[element] : info.Count == 1 ? info.Name : $"{info.Name}{element}";
            if (info.Width <= 64)
                Add(name, (state, -1, element, info.Width));
            for (int atom = 0; atom < info.Atoms.Count; atom++)
            {
                AtomInfo part = info.Atoms[atom];
                if (part.Name.Length == 0 || part.Width > 64)
                    continue;
                Add($"{name}.{part.Name}", (state, atom, element, part.Width));
                if (info.Count == 1)
                    Add(part.Name, (state, atom, element, part.Width));
            }
        }
    }

    private void Add(string name, (int State, int Atom, int Element, int Width) register)
    {
        if (_byName.TryAdd(name.ToLowerInvariant(), _registers.Count))
            _registers.Add(register);
    }

    private sealed class Witness : IExecutionObserver
    {
        public int Variant { get; private set; } = -1;

        public int Trap { get; set; } = -1;

        public ulong Argument { get; private set; }

        public void OnStarting(CpuHeader* state, DecodedOp* operation) => Variant = operation->Variant;

        public void OnFinished(CpuHeader* state)
        {
        }

        // Of nested traps (a fault while one is delivered) the first is the instruction's own.
        public void OnTrap(CpuHeader* state, int trap, ulong a, ulong b)
        {
            if (Trap >= 0)
                return;
            Trap = trap;
            Argument = a;
        }
    }
}
