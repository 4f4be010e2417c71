namespace Emulator.Runtime;

/// <summary>Translates the addresses of a CPU in place of its spec: the memory management of a monitor.</summary>
public unsafe interface ITranslator
{
    /// <summary>As <see cref="IIsa.Translate"/>: sets <see cref="CpuHeader.Trap"/> of <paramref name="state"/> where the address is not to be accessed.</summary>
    ulong Translate(CpuHeader* state, int memory, ulong address, uint access, int mode);
}
