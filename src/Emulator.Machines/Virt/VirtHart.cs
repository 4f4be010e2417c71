using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>A hart of a virt machine, whatever its width.</summary>
public abstract class VirtHart : IDisposable
{
    /// <summary>Instructions started since power-on.</summary>
    public abstract long Instructions { get; }

    /// <summary>Address of the next instruction.</summary>
    public abstract ulong Pc { get; }

    /// <summary>Counters of the engine.</summary>
    public abstract EngineStatistics Statistics { get; }

    /// <summary>Traps delivered, by index in <see cref="Metadata"/>.</summary>
    public abstract ReadOnlySpan<long> TrapCounts { get; }

    /// <summary>What its description says of it.</summary>
    public abstract IsaMetadata Metadata { get; }

    /// <summary>Translations not found in the TLB.</summary>
    public abstract long Misses { get; }

    /// <summary>Reads an integer register (0 to 31).</summary>
    public abstract ulong ReadX(int register);

    /// <inheritdoc/>
    public abstract void Dispose();

    internal abstract RunResult Run(long instructions);

    internal abstract void TakeClock(long now);

    internal abstract void Stop();

    /// <summary>Has something done on the machine's thread, before the hart's next instruction.</summary>
    internal abstract void Post(Action action);

    internal abstract void Reset();

    internal abstract void Attach(IMonitorFactory monitors);

    internal abstract void SetLine(VirtLine line, bool level);

    internal abstract void Save(BinaryWriter writer, bool withMemory);

    internal abstract bool Restore(BinaryReader reader, bool withMemory);

    internal abstract string HashState(bool withMemory);
}
