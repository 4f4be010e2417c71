using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>A hart compiled from a description: everything that does not depend on the layout of its state.</summary>
internal abstract unsafe class VirtHartOf<TIsa> : VirtHart
    where TIsa : struct, IIsa
{
    protected VirtHartOf(PhysicalMemory memory, Clock clock, int harts)
    {
        Cpu = new Cpu<TIsa>(new CpuOptions
        {
            Buses = new Dictionary<string, Bus> { ["pmem"] = memory },
            Clock = clock,
            IdleLimit = 0, // the machine decides what an idle hart waits for
            CodeCacheSize = (64 << 20) / harts,
        });
    }

    public override long Instructions => Cpu.Instructions;

    public override ulong Pc => Cpu.Pc;

    public override EngineStatistics Statistics => Cpu.Engine.Statistics;

    public override ReadOnlySpan<long> TrapCounts => Cpu.Engine.TrapCounts;

    public override long Misses => Cpu.Context.PagedMemories.Sum(memory => memory?.Misses ?? 0);

    protected Cpu<TIsa> Cpu { get; }

    public override void Dispose() => Cpu.Dispose();

    internal override RunResult Run(long instructions) => Cpu.Run(instructions);

    internal override void TakeClock(long now) => Cpu.TakeClock(now);

    internal override void Stop() => Cpu.Stop();

    internal override void Attach(IMonitorFactory monitors) => monitors.Attach(Cpu, Metadata);

    internal override void Post(Action action) => Cpu.Post(action);

    internal override void Save(BinaryWriter writer, bool withMemory) => Cpu.Save(writer, withMemory);

    internal override bool Restore(BinaryReader reader, bool withMemory) => Cpu.Restore(reader, withMemory);

    internal override string HashState(bool withMemory) => Cpu.HashState(withMemory);

    protected void Observe() => Cpu.Engine.Observer = new SingleStepper();
}
