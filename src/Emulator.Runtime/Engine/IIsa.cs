namespace Emulator.Runtime;

/// <summary>What the generator implements for every ISA instance, as a struct without fields, so that the engine is specialised for it.</summary>
public unsafe interface IIsa
{
    /// <summary>Name of the ISA instance, as in the spec.</summary>
    static abstract string Name { get; }

    /// <summary>Size of the state structure in bytes.</summary>
    static abstract int StateSize { get; }

    /// <summary>Most bytes one instruction can have.</summary>
    static abstract int MaxInstructionLength { get; }

    /// <summary>Number of 64-bit values <see cref="GetDecodeContext"/> writes.</summary>
    static abstract int DecodeContextSize { get; }

    /// <summary>Paged memories and buses in declaration order, for the runtime to create.</summary>
    static abstract ReadOnlySpan<MemorySpec> Memories { get; }

    /// <summary>Index in <see cref="Memories"/> of the memory instructions are fetched from.</summary>
    static abstract int FetchMemory { get; }

    /// <summary>Tells the state where the translation tables of a paged memory are (one per value of `per`); called once after creation.</summary>
    static abstract void BindTlb(CpuHeader* s, int memory, TlbEntry* table0, TlbEntry* table1);

    /// <summary>Puts every state to its `reset` value, runs `on reset` and recomputes derived states.</summary>
    static abstract void Reset(CpuHeader* s);

    /// <summary>Recomputes every derived state; for a state loaded from outside (snapshots, debuggers).</summary>
    static abstract void RecomputeDerived(CpuHeader* s);

    /// <summary>Computes what was deferred, so that the states can be read, and written from outside, where they are.</summary>
    static abstract void Settle(CpuHeader* s);

    /// <summary>Clears what the state structure holds besides states, in a settled state: what deferred values were computed from, results and copies of functions. Of two equal machines it
    /// may differ.</summary>
    static abstract void ClearScratch(CpuHeader* s);

    static abstract ulong GetPc(CpuHeader* s);

    static abstract void SetPc(CpuHeader* s, ulong pc);

    /// <summary>Value of the `per` expression of a paged memory now (0 or 1). Where that of the fetch memory changes, generated code sets <see cref="CpuHeader.ContextStale"/>.</summary>
    static abstract int MemoryMode(CpuHeader* s, int memory);

    /// <summary>Writes the values of everything decoding and `code_address` read: two moments with equal values decode equal bytes equally.</summary>
    static abstract void GetDecodeContext(CpuHeader* s, Span<ulong> values);

    /// <summary>Address in the fetch memory of the code byte at <paramref name="pc"/>; sets <see cref="CpuHeader.Trap"/> when it may not be fetched.</summary>
    static abstract ulong CodeAddress(CpuHeader* s, ulong pc);

    /// <summary>Decodes one instruction into <paramref name="op"/> (handler, slots, length, flags, variant, pc).</summary>
    /// <returns>Length in bytes; 0 when more than <paramref name="available"/> bytes are needed; -1 when the bytes are rejected: then
    /// <see cref="CpuHeader.Trap"/> and its arguments say which trap executing them raises.</returns>
    static abstract int Decode(CpuHeader* s, byte* bytes, int available, ulong pc, DecodedOp* op);

    /// <summary>Goes over the operations of a new block, in order, and replaces handlers by ones that know what comes before them in the block.</summary>
    static abstract void Specialise(DecodedOp* ops, int count);

    /// <summary>Translates through a paged memory's relocation map: calls the spec's function; sets <see cref="CpuHeader.Trap"/> on a fault.</summary>
    static abstract ulong Translate(CpuHeader* s, int memory, ulong address, uint access, int mode);

    /// <summary>Whether the trap is reported at the instruction (fault, abort) or after it (trap).</summary>
    static abstract TrapClass ClassOf(int trap);

    /// <summary>The handler that carries out operations of a variant; null for none.</summary>
    /// <param name="variant"><see cref="DecodedOp.Variant"/>.</param>
    static abstract delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Handler(int variant);

    /// <summary>The trap dispatch table: the handler that carries out, on whatever state it is given, an operation of a variant that raised a trap; null when no operation of the
    /// variant can raise it, so that it comes from fetching or decoding.</summary>
    /// <param name="trap">Index in the generated trap table.</param>
    /// <param name="variant"><see cref="DecodedOp.Variant"/>.</param>
    static abstract delegate*<CpuHeader*, DecodedOp*, DecodedOp*> TrapHandler(int trap, int variant);

    /// <summary>Enters the spec's `on trap`; a trap raised meanwhile is pending again on return.</summary>
    static abstract void OnTrap(CpuHeader* s, int trap, ulong a, ulong b);

    /// <summary>Runs the spec's `on boundary`; may raise a trap.</summary>
    static abstract void OnBoundary(CpuHeader* s);

    static abstract bool IsIdle(CpuHeader* s);

    static abstract bool IsStopped(CpuHeader* s);
}
