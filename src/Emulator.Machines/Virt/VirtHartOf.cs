using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>A hart compiled from a description, of any width.</summary>
/// <typeparam name="TIsa">The instance of the description.</typeparam>
/// <typeparam name="TState">Its state structure.</typeparam>
internal sealed unsafe class VirtHartOf<TIsa, TState> : VirtHart
    where TIsa : struct, IIsa
    where TState : unmanaged, IRiscvState
{
    private readonly ulong _id;
    private readonly TState* _state;
    private readonly Cpu<TIsa> _cpu;

    /// <summary>Makes a hart in the reset state.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="metadata">What its description says of it.</param>
    /// <param name="memory">Physical memory.</param>
    /// <param name="clock">The clock the harts share.</param>
    /// <param name="builder">What the machine is to have.</param>
    /// <param name="externs">Makes what the description leaves to the machine.</param>
    public VirtHartOf(int id, IsaMetadata metadata, PhysicalMemory memory, Clock clock, VirtBuilder builder, Func<Cpu<TIsa>, object> externs)
    {
        _id = (ulong)id;
        Metadata = metadata;
        _cpu = new Cpu<TIsa>(new CpuOptions
        {
            Buses = new Dictionary<string, Bus> { ["pmem"] = memory },
            Clock = clock,
            IdleLimit = 0, // the machine decides what an idle hart waits for
            CodeCacheSize = (64 << 20) / builder.Harts,
        });
        _state = (TState*)_cpu.State;
        _cpu.Context.Externs = externs(_cpu);
        if (builder.SingleStep)
            _cpu.Engine.Observer = new SingleStepper();
        Reset();
    }

    public override long Instructions => _cpu.Instructions;

    public override ulong Pc => _cpu.Pc;

    public override EngineStatistics Statistics => _cpu.Engine.Statistics;

    public override ReadOnlySpan<long> TrapCounts => _cpu.Engine.TrapCounts;

    public override IsaMetadata Metadata { get; }

    public override long Misses => _cpu.Context.PagedMemories.Sum(memory => memory?.Misses ?? 0);

    public override ulong ReadX(int register) => _state->X(register);

    public override void Dispose() => _cpu.Dispose();

    internal override RunResult Run(long instructions) => _cpu.Run(instructions);

    internal override void TakeClock(long now) => _cpu.TakeClock(now);

    internal override void Stop() => _cpu.Stop();

    internal override void Attach(IMonitorFactory monitors) => monitors.Attach(_cpu, Metadata);

    internal override void Post(Action action) => _cpu.Post(action);

    internal override void Save(BinaryWriter writer, bool withMemory) => _cpu.Save(writer, withMemory);

    internal override bool Restore(BinaryReader reader, bool withMemory) => _cpu.Restore(reader, withMemory);

    internal override string HashState(bool withMemory) => _cpu.HashState(withMemory);

    internal override void Reset()
    {
        // Lines are driven from outside: they stand through a reset.
        (byte software, byte timer, byte machine, byte supervisor) = (_state->mip_MSIP, _state->mip_MTIP, _state->mip_MEIP, _state->SEIP_LINE);
        _cpu.Reset();
        _state->hartid = _id;
        (_state->mip_MSIP, _state->mip_MTIP, _state->mip_MEIP, _state->SEIP_LINE) = (software, timer, machine, supervisor);
        _cpu.StateChanged();
    }

    internal override void SetLine(VirtLine line, bool level)
    {
        byte value = level ? (byte)1 : (byte)0;
        switch (line)
        {
            case VirtLine.MachineSoftware:
                _state->mip_MSIP = value;
                break;
            case VirtLine.MachineTimer:
                _state->mip_MTIP = value;
                break;
            case VirtLine.MachineExternal:
                _state->mip_MEIP = value;
                break;
            default:
                _state->SEIP_LINE = value;
                break;
        }

        _cpu.StateChanged();
    }
}
