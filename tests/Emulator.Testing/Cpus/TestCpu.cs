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
    private readonly bool _owned;
    private readonly List<(StateInfo State, int[] Atoms, int Element, int Width)> _registers = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.OrdinalIgnoreCase);
    private long _atReset;

    /// <summary>Makes a CPU that is in its reset state.</summary>
    /// <param name="metadata">The ISA's metadata.</param>
    /// <param name="memory">Physical memory; belongs to the caller.</param>
    /// <param name="options">The CPU's options, among them the buses; one of them is <paramref name="memory"/>.</param>
    public TestCpu(IsaMetadata metadata, PhysicalMemory memory, CpuOptions options)
        : this(metadata, memory, new Cpu<TIsa>(options)) => _owned = true;

    /// <summary>Reaches the CPU of a machine, which stays the machine's.</summary>
    /// <param name="metadata">The ISA's metadata.</param>
    /// <param name="memory">The machine's physical memory.</param>
    /// <param name="cpu">Its CPU.</param>
    public TestCpu(IsaMetadata metadata, PhysicalMemory memory, Cpu<TIsa> cpu)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(cpu);
        _metadata = metadata;
        _memory = memory;
        _cpu = cpu;
        foreach (StateInfo state in metadata.States)
            AddNames(state);
    }

    /// <summary>The CPU itself.</summary>
    public Cpu<TIsa> Cpu => _cpu;

    /// <summary>Traps delivered since creation, by architectural number, those that occurred.</summary>
    public IReadOnlyDictionary<int, long> TrapCounts
    {
        get
        {
            var counts = new SortedDictionary<int, long>();
            ReadOnlySpan<long> byIdentity = _cpu.Engine.TrapCounts;
            for (int i = 0; i < Math.Min(byIdentity.Length, _metadata.Traps.Count); i++)
            {
                if (byIdentity[i] != 0)
                    counts[(int)_metadata.Traps[i].Number] = byIdentity[i];
            }

            return counts;
        }
    }

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
        (StateInfo state, int[] atoms, int element, _) = _registers[register];
        if (atoms.Length == 0)
            return (ulong)StateAccess.Read<TIsa>(_cpu.State, state, -1, element);
        if (atoms.Length == 1)
            return (ulong)StateAccess.Read<TIsa>(_cpu.State, state, atoms[0], element);
        ulong value = 0;
        foreach (int atom in atoms)
            value |= (ulong)StateAccess.Read<TIsa>(_cpu.State, state, atom, element) << state.Atoms[atom].Low;
        return value;
    }

    /// <inheritdoc/>
    public void WriteRegister(int register, ulong value)
    {
        (StateInfo state, int[] atoms, int element, _) = _registers[register];
        if (atoms.Length == 0)
            StateAccess.Write<TIsa>(_cpu.State, state, -1, element, value);
        else if (atoms.Length == 1)
            StateAccess.Write<TIsa>(_cpu.State, state, atoms[0], element, value);
        else
            WriteFields(state, atoms, element, value);
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
    public void Dispose()
    {
        if (_owned)
            _cpu.Dispose();
    }

    private int Number() => _witness.Trap < 0 ? -1 : (int)_metadata.Traps[_witness.Trap].Number;

    private void WriteFields(StateInfo state, int[] atoms, int element, ulong value)
    {
        foreach (int atom in atoms)
            StateAccess.Write<TIsa>(_cpu.State, state, atom, element, value >> state.Atoms[atom].Low);
    }

    private void AddNames(StateInfo info)
    {
        for (int element = 0; element < info.Count; element++)
        {
            string name = element < info.ElementNames.Count ? info.ElementNames[element] : info.Count == 1 ? info.Name : $"{info.Name}{element}";
            if (info.Width <= 64)
                Add(name, (info, [], element, info.Width));
            for (int atom = 0; atom < info.Atoms.Count; atom++)
            {
                AtomInfo part = info.Atoms[atom];
                if (part.Name.Length == 0 || part.Width > 64)
                    continue;
                Add($"{name}.{part.Name}", (info, [atom], element, part.Width));
                if (info.Count == 1)
                    Add(part.Name, (info, [atom], element, part.Width));
            }

            // A field of a record that is made of bit fields itself: CS.attr.
            foreach (IGrouping<string, int> field in Enumerable.Range(0, info.Atoms.Count)
                .Where(a => info.Atoms[a].Name.Contains('.', StringComparison.Ordinal)).GroupBy(a => info.Atoms[a].Name.Split('.')[0]))
                Add($"{name}.{field.Key}", (info, [.. field], element, field.Max(a => info.Atoms[a].Low + info.Atoms[a].Width)));
        }
    }

    private void Add(string name, (StateInfo State, int[] Atoms, int Element, int Width) register)
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
