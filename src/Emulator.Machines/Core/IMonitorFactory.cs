using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>Puts monitors under processors.</summary>
public interface IMonitorFactory
{
    /// <summary>Puts a monitor under a processor that has not run yet.</summary>
    /// <param name="cpu">The processor; the monitor becomes its <see cref="Cpu{TIsa}.Executor"/>.</param>
    /// <param name="isa">Its metadata.</param>
    void Attach<TIsa>(Cpu<TIsa> cpu, IsaMetadata isa)
        where TIsa : struct, IIsa;
}
