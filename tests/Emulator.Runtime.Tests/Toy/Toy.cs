using System.Runtime.CompilerServices;

namespace Emulator.Runtime.Tests.Toy;

/// <summary>A hand-written instruction set that stands in for a generated one: 32 bits, a one-level page table of 1024 entries, a 32-bit port space.</summary>
/// <remarks>
/// With <c>PageTable</c> non-zero the entry of address a is the word at PageTable + 4 * (a / 4096 mod 1024): frame in the high 20 bits, bit 0 present, bit 1 writable, bit 2 user.
/// Traps go to 0x100 with the old pc saved; a trap in the trap handler is the end.
/// </remarks>
internal readonly unsafe struct Toy : IIsa
{
    public const int Mem = 0, Port = 1, Lin = 2;
    public const int TrapUndefined = 0, TrapPage = 1, TrapCall = 2, TrapInterrupt = 3;
    public const uint Vector = 0x100;

    private static readonly MemorySpec[] s_memories = [new("mem", 32, true, -1), new("port", 16, true, -1), new("lin", 32, false, 0)];

    public static string Name => "toy";

    public static int StateSize => sizeof(ToyState);

    public static int MaxInstructionLength => 4;

    public static int DecodeContextSize => 1;

    public static ReadOnlySpan<MemorySpec> Memories => s_memories;

    public static int FetchMemory => Lin;

    public static void BindTlb(CpuHeader* s, int memory, TlbEntry* table0, TlbEntry* table1)
    {
        ((ToyState*)s)->Tlb0 = table0;
        ((ToyState*)s)->Tlb1 = table1;
    }

    public static void Reset(CpuHeader* h)
    {
        var s = (ToyState*)h;
        for (var i = 0; i < 8; i++)
        {
            s->R[i] = 0;
        }

        s->Pc = s->PageTable = s->SavedPc = s->Cause = 0;
        s->User = s->InTrap = s->InterruptsEnabled = s->Line = s->Halted = s->Dead = s->SavedUser = 0;
        Derive(s);
    }

    public static void RecomputeDerived(CpuHeader* s) => Derive((ToyState*)s);

    public static void Derive(ToyState* s) => s->Header.Attention = (byte)((s->Line & s->InterruptsEnabled) | ((s->Halted | s->Dead) << 1));

    public static void Settle(CpuHeader* s)
    {
    }

    public static void ClearScratch(CpuHeader* s)
    {
    }

    public static ulong GetPc(CpuHeader* s) => ((ToyState*)s)->Pc;

    public static void SetPc(CpuHeader* s, ulong pc) => ((ToyState*)s)->Pc = (uint)pc;

    public static int MemoryMode(CpuHeader* s, int memory) => ((ToyState*)s)->User;

    public static void GetDecodeContext(CpuHeader* s, Span<ulong> values) => values[0] = 0;

    public static ulong CodeAddress(CpuHeader* s, ulong pc) => pc;

    public static int Decode(CpuHeader* h, byte* bytes, int available, ulong pc, DecodedOp* op)
    {
        var code = (ToyOp)bytes[0];
        if (code == ToyOp.Nop1)
        {
            op->Handler = &ToyHandlers.Nop;
            return 1;
        }

        if (available < 4)
        {
            return 0;
        }

        var (a, b) = (bytes[1], bytes[2]);
        var offset = (uint)(short)(bytes[2] | bytes[3] << 8);
        op->R0 = RegisterOffset(a);
        op->R1 = RegisterOffset(b);
        op->W0 = (uint)(sbyte)bytes[3];
        op->Flags = OpFlags.EndsBlock;
        switch (code)
        {
            case ToyOp.Add: op->Handler = &ToyHandlers.Add; op->Flags = 0; break;
            case ToyOp.AddReg: op->Handler = &ToyHandlers.AddReg; op->Flags = 0; break;
            case ToyOp.Load: op->Handler = &ToyHandlers.Load; op->Flags = OpFlags.MayTrap; break;
            case ToyOp.Store: op->Handler = &ToyHandlers.Store; op->Flags = OpFlags.MayTrap; break;
            case ToyOp.Modify: op->Handler = &ToyHandlers.Modify; op->Flags = OpFlags.MayTrap; break;
            case ToyOp.Fill: op->Handler = &ToyHandlers.Fill; op->Flags = OpFlags.MayTrap | OpFlags.Restartable; break;
            case ToyOp.Jump: op->Handler = &ToyHandlers.Jump; op->W0 = (uint)pc + offset; break;
            case ToyOp.BranchNotZero: op->Handler = &ToyHandlers.BranchNotZero; op->W0 = (uint)pc + offset; break;
            case ToyOp.Call: op->Handler = &ToyHandlers.Call; break;
            case ToyOp.Halt: op->Handler = &ToyHandlers.Halt; break;
            case ToyOp.Enable: op->Handler = &ToyHandlers.Enable; op->W0 &= 1; break;
            case ToyOp.Out: op->Handler = &ToyHandlers.Out; break;
            case ToyOp.In: op->Handler = &ToyHandlers.In; break;
            case ToyOp.Flush: op->Handler = &ToyHandlers.Flush; break;
            case ToyOp.SetTable: op->Handler = &ToyHandlers.SetTable; break;
            case ToyOp.SetUser: op->Handler = &ToyHandlers.SetUser; break;
            case ToyOp.Return: op->Handler = &ToyHandlers.Return; break;
            case ToyOp.Stop: op->Handler = &ToyHandlers.Stop; break;
            default:
                h->Trap = TrapUndefined + 1;
                h->TrapA = bytes[0];
                h->TrapB = 0;
                return -1;
        }

        return 4;
    }

    public static void Specialise(DecodedOp* ops, int count)
    {
    }

    public static ulong Translate(CpuHeader* h, int memory, ulong address, uint access, int mode)
    {
        var s = (ToyState*)h;
        if (s->PageTable == 0)
        {
            return address;
        }

        var entry = (uint)MemoryAccess.BusRead(h, Mem, s->PageTable + 4 * ((address >> 12) & 0x3FF), 4);
        if ((entry & 1) == 0 || (access == 1 && (entry & 2) == 0) || (mode == 1 && (entry & 4) == 0))
        {
            h->Trap = TrapPage + 1;
            h->TrapA = access;
            h->TrapB = address;
            return 0;
        }

        return (entry & 0xFFFFF000) | (address & 0xFFF);
    }

    public static TrapClass ClassOf(int trap) => trap == TrapCall ? TrapClass.Trap : TrapClass.Fault;

    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Handler(int variant) => null;

    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> TrapHandler(int trap, int variant) => null;

    public static void OnTrap(CpuHeader* h, int trap, ulong a, ulong b)
    {
        var s = (ToyState*)h;
        if (s->InTrap != 0)
        {
            s->Dead = 1;
            Derive(s);
            return;
        }

        (s->Cause, s->CauseA, s->CauseB, s->SavedPc, s->SavedUser) = ((uint)trap, a, b, s->Pc, s->User);
        s->InTrap = 1;
        s->Halted = 0;
        s->User = 0;
        h->ContextStale = 1;
        s->InterruptsEnabled = 0;
        s->Pc = Vector;
        Derive(s);
    }

    public static void OnBoundary(CpuHeader* h)
    {
        ((ToyState*)h)->Line = 0;
        h->Trap = TrapInterrupt + 1;
    }

    public static bool IsIdle(CpuHeader* s) => ((ToyState*)s)->Halted != 0;

    public static bool IsStopped(CpuHeader* s) => ((ToyState*)s)->Dead != 0;

    private static ushort RegisterOffset(int register)
        => (ushort)((int)System.Runtime.InteropServices.Marshal.OffsetOf<ToyState>(nameof(ToyState.R)) + 4 * (register & 7));
}
