using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

/// <summary>x86 with a client: what was generated from the description, with the vCPU looking at the few places where execution has to be left.</summary>
internal readonly unsafe struct GeneratedIsa : IIsa
{
    // What to do about a variant; see Decode.
    private const byte Plain = 0, ReadsPort = 1, Identifies = 2;

    private static readonly byte[] s_kinds = Kinds();

    public static string Name => X86Isa.Name;

    public static int StateSize => X86Isa.StateSize;

    public static int MaxInstructionLength => X86Isa.MaxInstructionLength;

    public static int DecodeContextSize => X86Isa.DecodeContextSize;

    public static ReadOnlySpan<MemorySpec> Memories => X86Isa.Memories;

    public static int FetchMemory => X86Isa.FetchMemory;

    public static void BindTlb(CpuHeader* s, int memory, TlbEntry* table0, TlbEntry* table1) => X86Isa.BindTlb(s, memory, table0, table1);

    public static void Reset(CpuHeader* s) => X86Isa.Reset(s);

    public static void RecomputeDerived(CpuHeader* s) => X86Isa.RecomputeDerived(s);

    public static void Settle(CpuHeader* s) => X86Isa.Settle(s);

    public static void ClearScratch(CpuHeader* s) => X86Isa.ClearScratch(s);

    public static ulong GetPc(CpuHeader* s) => X86Isa.GetPc(s);

    public static void SetPc(CpuHeader* s, ulong pc) => X86Isa.SetPc(s, pc);

    public static int MemoryMode(CpuHeader* s, int memory) => X86Isa.MemoryMode(s, memory);

    public static void GetDecodeContext(CpuHeader* s, Span<ulong> values) => X86Isa.GetDecodeContext(s, values);

    public static ulong CodeAddress(CpuHeader* s, ulong pc) => X86Isa.CodeAddress(s, pc);

    /// <summary>Decodes, and puts handlers of its own in front of those of instructions that read a port or identify the processor.</summary>
    public static int Decode(CpuHeader* s, byte* bytes, int available, ulong pc, DecodedOp* op)
    {
        var length = X86Isa.Decode(s, bytes, available, pc, op);
        if (length > 0 && op->Variant < s_kinds.Length && s_kinds[op->Variant] is var kind and not Plain)
        {
            op->Handler = Own(kind);
        }

        return length;
    }

    public static void Specialise(DecodedOp* ops, int count) => X86Isa.Specialise(ops, count);

    public static ulong Translate(CpuHeader* s, int memory, ulong address, uint access, int mode) => GeneratedVcpu.Of(s).Translate(s, memory, address, access, mode);

    public static TrapClass ClassOf(int trap) => X86Isa.ClassOf(trap);

    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Handler(int variant)
        => variant < s_kinds.Length && s_kinds[variant] is var kind and not Plain ? Own(kind) : X86Isa.Handler(variant);

    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> TrapHandler(int trap, int variant)
        => X86Isa.TrapHandler(trap, variant) == null ? null : Handler(variant);

    public static void OnTrap(CpuHeader* s, int trap, ulong a, ulong b) => GeneratedVcpu.Of(s).OnTrap(s, trap, a, b);

    public static void OnBoundary(CpuHeader* s) => GeneratedVcpu.Of(s).OnBoundary(s);

    public static bool IsIdle(CpuHeader* s) => X86Isa.IsIdle(s);

    public static bool IsStopped(CpuHeader* s) => X86Isa.IsStopped(s) || GeneratedVcpu.Of(s).IsLeaving;

    /// <summary>Carries out one operation by the handler generated for it, and comes back whatever follows it in its block.</summary>
    /// <returns>False when it was left: a trap, or a suspended repetition.</returns>
    internal static bool CarryOut(CpuHeader* h, DecodedOp* op, delegate*<CpuHeader*, DecodedOp*, DecodedOp*> handler)
    {
        var alone = stackalloc DecodedOp[2];
        alone[0] = *op;
        alone[1] = default;
        alone[1].Handler = &Done;
        for (var next = handler(h, alone); next != null;)
        {
            next = next->Handler(h, next);
        }

        if (h->TrapOp == null)
        {
            return true;
        }

        h->TrapOp = op;
        return false;
    }

    private static DecodedOp* Done(CpuHeader* h, DecodedOp* op) => null;

    private static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Generated(DecodedOp* op) => X86Isa.Handler(op->Variant);

    private static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Own(byte kind) => kind == ReadsPort ? &ReadPort : &Identify;

    /// <summary>The handler of IN and INS: undone when the client has not supplied the data yet.</summary>
    private static DecodedOp* ReadPort(CpuHeader* h, DecodedOp* op)
    {
        var vcpu = GeneratedVcpu.Of(h);
        if (!vcpu.Owns(h))
        {
            // A deprivileged guest, which does not get as far as the port.
            return Generated(op)(h, op);
        }

        vcpu.BeginPortRead();
        CarryOut(h, op, Generated(op));
        vcpu.EndPortRead(op);

        // Reading a port ends a block.
        return null;
    }

    /// <summary>The handler of CPUID: carried out, then answered from the client's table.</summary>
    private static DecodedOp* Identify(CpuHeader* h, DecodedOp* op)
    {
        var s = (X86State*)h;
        var (eax, ebx, ecx, edx) = GeneratedVcpu.Of(h).Cpuid.Look(s->GPR[Gpr.Eax], s->GPR[Gpr.Ecx]);
        if (!CarryOut(h, op, Generated(op)))
        {
            return null;
        }

        s->GPR[Gpr.Eax] = eax;
        s->GPR[Gpr.Ebx] = ebx;
        s->GPR[Gpr.Ecx] = ecx;
        s->GPR[Gpr.Edx] = edx;

        // The engine's loop goes on there, whichever way handlers are linked.
        return (op->Flags & OpFlags.EndsBlock) != 0 ? null : op + 1;
    }

    private static byte[] Kinds()
    {
        var metadata = X86Metadata.Instance;
        var kinds = new byte[metadata.VariantForms.Count];
        for (var variant = 0; variant < kinds.Length; variant++)
        {
            var form = metadata.FormOf(variant)!;
            kinds[variant] = form.Reads.Contains("port") ? ReadsPort : form.Instruction == "CPUID" ? Identifies : Plain;
        }

        return kinds;
    }
}
