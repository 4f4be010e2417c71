using System.Runtime.InteropServices;

namespace Emulator.Runtime.Tests.Toy;

/// <summary>State of the toy: eight registers, a page table, interrupts with one line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ToyState
{
    public CpuHeader Header;
    public TlbEntry* Tlb0, Tlb1;
    public fixed uint R[8];
    public uint Pc, PageTable, SavedPc, Cause;
    public ulong CauseA, CauseB;
    public byte User, InTrap, InterruptsEnabled, Line, Halted, Dead, SavedUser;
}
