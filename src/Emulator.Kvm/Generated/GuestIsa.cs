using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>An instruction set with a client: what was generated from the description, with the vCPU looking at the few places where execution has to be left.</summary>
internal readonly unsafe struct GuestIsa<TIsa, TOwn> : IIsa
    where TIsa : struct, IIsa
    where TOwn : struct, IOwnHandlers
{
    public static string Name => TIsa.Name;

    public static int StateSize => TIsa.StateSize;

    public static int MaxInstructionLength => TIsa.MaxInstructionLength;

    public static int DecodeContextSize => TIsa.DecodeContextSize;

    public static ReadOnlySpan<MemorySpec> Memories => TIsa.Memories;

    public static int FetchMemory => TIsa.FetchMemory;

    public static void BindTlb(CpuHeader* s, int memory, TlbEntry* table0, TlbEntry* table1) => TIsa.BindTlb(s, memory, table0, table1);

    public static void Reset(CpuHeader* s) => TIsa.Reset(s);

    public static void RecomputeDerived(CpuHeader* s) => TIsa.RecomputeDerived(s);

    public static void Settle(CpuHeader* s) => TIsa.Settle(s);

    public static void ClearScratch(CpuHeader* s) => TIsa.ClearScratch(s);

    public static ulong GetPc(CpuHeader* s) => TIsa.GetPc(s);

    public static void SetPc(CpuHeader* s, ulong pc) => TIsa.SetPc(s, pc);

    public static int MemoryMode(CpuHeader* s, int memory) => TIsa.MemoryMode(s, memory);

    public static void GetDecodeContext(CpuHeader* s, Span<ulong> values) => TIsa.GetDecodeContext(s, values);

    public static ulong CodeAddress(CpuHeader* s, ulong pc) => TIsa.CodeAddress(s, pc);

    /// <summary>Decodes, and puts the client's handlers where it has any.</summary>
    public static int Decode(CpuHeader* s, byte* bytes, int available, ulong pc, DecodedOp* op)
    {
        var length = TIsa.Decode(s, bytes, available, pc, op);
        if (length > 0 && TOwn.Of(op->Variant) is var own && own != null)
        {
            op->Handler = own;
        }

        return length;
    }

    public static void Specialise(DecodedOp* ops, int count) => TIsa.Specialise(ops, count);

    public static ulong Translate(CpuHeader* s, int memory, ulong address, uint access, int mode) => GeneratedVcpu.Of(s).Translate(s, memory, address, access, mode);

    public static TrapClass ClassOf(int trap) => TIsa.ClassOf(trap);

    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Handler(int variant) => TOwn.Of(variant) is var own && own != null ? own : TIsa.Handler(variant);

    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> TrapHandler(int trap, int variant)
        => TIsa.TrapHandler(trap, variant) == null ? null : Handler(variant);

    public static void OnTrap(CpuHeader* s, int trap, ulong a, ulong b) => GeneratedVcpu.Of(s).OnTrap(s, trap, a, b);

    public static void OnBoundary(CpuHeader* s) => GeneratedVcpu.Of(s).OnBoundary(s);

    public static bool IsIdle(CpuHeader* s) => TIsa.IsIdle(s);

    public static bool IsStopped(CpuHeader* s) => TIsa.IsStopped(s) || GeneratedVcpu.Of(s).IsLeaving;
}
