namespace Emulator.Runtime;

/// <summary>A paged memory of one ISA: translation calls what was generated from its spec.</summary>
internal sealed unsafe class PagedMemoryOf<TIsa>(CpuContext context, CpuHeader* state, int index, MemorySpec spec) : PagedMemory(context, state, index, spec)
    where TIsa : struct, IIsa
{
    private protected override ulong Translate(CpuHeader* h, ulong address, uint access, int mode) =>
        CpuContext.All[h->ContextId].Translator is { } monitor ? monitor.Translate(h, Index, address, access, mode) : TIsa.Translate(h, Index, address, access, mode);
}
