using System.Runtime.CompilerServices;

namespace Emulator.Runtime.Tests.Toy;

/// <summary>What a generator would emit: one handler per operation, tail-threaded.</summary>
internal static unsafe class ToyHandlers
{
    private const MethodImplOptions Optimize = MethodImplOptions.AggressiveOptimization;
    private const ulong PageMask = 0xFFF;

    [MethodImpl(Optimize)]
    public static DecodedOp* Add(CpuHeader* h, DecodedOp* op)
    {
        *(uint*)((byte*)h + op->R0) = *(uint*)((byte*)h + op->R1) + op->W0;
        return op[1].Handler(h, op + 1);
    }

    [MethodImpl(Optimize)]
    public static DecodedOp* AddReg(CpuHeader* h, DecodedOp* op)
    {
        *(uint*)((byte*)h + op->R0) += *(uint*)((byte*)h + op->R1);
        return op[1].Handler(h, op + 1);
    }

    [MethodImpl(Optimize)]
    public static DecodedOp* Nop(CpuHeader* h, DecodedOp* op) => op[1].Handler(h, op + 1);

    [MethodImpl(Optimize)]
    public static DecodedOp* Load(CpuHeader* h, DecodedOp* op)
    {
        var s = (ToyState*)h;
        var address = *(uint*)((byte*)h + op->R1) + op->W0;
        var entry = (s->User == 0 ? s->Tlb0 : s->Tlb1) + ((address >> 12) & (TlbEntry.Count - 1));
        uint value;
        if (entry->ReadTag == ((address + 3) & ~(uint)PageMask))
        {
            value = *(uint*)(entry->Addend + (nint)address);
        }
        else
        {
            value = MemoryAccess.Read32(h, Toy.Lin, address, s->User);
            if (h->Trap != 0)
            {
                h->TrapOp = op;
                return null;
            }
        }

        *(uint*)((byte*)h + op->R0) = value;
        return op[1].Handler(h, op + 1);
    }

    [MethodImpl(Optimize)]
    public static DecodedOp* Store(CpuHeader* h, DecodedOp* op)
    {
        var s = (ToyState*)h;
        var address = *(uint*)((byte*)h + op->R1) + op->W0;
        var value = *(uint*)((byte*)h + op->R0);
        var entry = (s->User == 0 ? s->Tlb0 : s->Tlb1) + ((address >> 12) & (TlbEntry.Count - 1));
        if (entry->WriteTag == ((address + 3) & ~(uint)PageMask))
        {
            *(uint*)(entry->Addend + (nint)address) = value;
        }
        else
        {
            MemoryAccess.Write32(h, Toy.Lin, address, value, s->User);
            if (h->Trap != 0)
            {
                h->TrapOp = op;
                return null;
            }
        }

        return op[1].Handler(h, op + 1);
    }

    [MethodImpl(Optimize)]
    public static DecodedOp* Modify(CpuHeader* h, DecodedOp* op)
    {
        var s = (ToyState*)h;
        var address = *(uint*)((byte*)h + op->R1) + op->W0;
        var old = MemoryAccess.ReadForWrite32(h, Toy.Lin, address, s->User);
        if (h->Trap == 0)
        {
            MemoryAccess.Write32(h, Toy.Lin, address, old + *(uint*)((byte*)h + op->R0), s->User);
        }

        if (h->Trap != 0)
        {
            h->TrapOp = op;
            return null;
        }

        return op[1].Handler(h, op + 1);
    }

    [MethodImpl(Optimize)]
    public static DecodedOp* Jump(CpuHeader* h, DecodedOp* op)
    {
        ((ToyState*)h)->Pc = op->W0;
        return null;
    }

    [MethodImpl(Optimize)]
    public static DecodedOp* BranchNotZero(CpuHeader* h, DecodedOp* op)
    {
        ((ToyState*)h)->Pc = *(uint*)((byte*)h + op->R0) != 0 ? op->W0 : (uint)op->Pc + 4;
        return null;
    }

    public static DecodedOp* Call(CpuHeader* h, DecodedOp* op)
    {
        h->Trap = Toy.TrapCall + 1;
        h->TrapA = op->W0;
        h->TrapB = 0;
        h->TrapOp = op;
        return null;
    }

    public static DecodedOp* Fill(CpuHeader* h, DecodedOp* op)
    {
        var s = (ToyState*)h;
        while (s->R[1] != 0)
        {
            MemoryAccess.Write8(h, Toy.Lin, s->R[3], s->R[2] & 0xFF, s->User);
            if (h->Trap != 0)
            {
                h->TrapOp = op;
                return null;
            }

            s->R[3]++;
            if (--s->R[1] == 0)
            {
                break;
            }

            if (--h->Remaining <= 0 || *(uint*)&h->Attention != 0)
            {
                h->Suspended = 1;
                h->TrapOp = op;
                return null;
            }
        }

        return op[1].Handler(h, op + 1);
    }

    public static DecodedOp* Halt(CpuHeader* h, DecodedOp* op) => End(h, op, s => s->Halted = 1);

    public static DecodedOp* Stop(CpuHeader* h, DecodedOp* op) => End(h, op, s => s->Dead = 1);

    public static DecodedOp* Enable(CpuHeader* h, DecodedOp* op)
    {
        var s = (ToyState*)h;
        s->InterruptsEnabled = (byte)op->W0;
        Toy.Derive(s);
        s->Pc = (uint)op->Pc + 4;
        return null;
    }

    public static DecodedOp* Out(CpuHeader* h, DecodedOp* op)
    {
        MemoryAccess.BusWrite(h, Toy.Port, op->W0, 4, *(uint*)((byte*)h + op->R0));
        ((ToyState*)h)->Pc = (uint)op->Pc + 4;
        return null;
    }

    public static DecodedOp* In(CpuHeader* h, DecodedOp* op)
    {
        *(uint*)((byte*)h + op->R0) = (uint)MemoryAccess.BusRead(h, Toy.Port, op->W0, 4);
        ((ToyState*)h)->Pc = (uint)op->Pc + 4;
        return null;
    }

    public static DecodedOp* Flush(CpuHeader* h, DecodedOp* op)
    {
        MemoryAccess.Flush(h, Toy.Lin);
        ((ToyState*)h)->Pc = (uint)op->Pc + 4;
        return null;
    }

    public static DecodedOp* SetTable(CpuHeader* h, DecodedOp* op)
    {
        ((ToyState*)h)->PageTable = *(uint*)((byte*)h + op->R0);
        return Flush(h, op);
    }

    public static DecodedOp* SetUser(CpuHeader* h, DecodedOp* op) => End(h, op, s => s->User = 1);

    public static DecodedOp* Return(CpuHeader* h, DecodedOp* op)
    {
        var s = (ToyState*)h;
        s->Pc = s->SavedPc;
        s->User = s->SavedUser;
        s->InTrap = 0;
        s->InterruptsEnabled = 1;
        Toy.Derive(s);
        h->ContextStale = 1;
        return null;
    }

    private static DecodedOp* End(CpuHeader* h, DecodedOp* op, ToyAction action)
    {
        action((ToyState*)h);
        Toy.Derive((ToyState*)h);
        h->ContextStale = 1;
        ((ToyState*)h)->Pc = (uint)op->Pc + 4;
        return null;
    }
}
