using Emulator.X86;

namespace Emulator.Machines;

/// <summary>Puts a processor into the state in which kernels without firmware start (Multiboot Specification 0.6.96, section 3.2).</summary>
internal static unsafe class ProtectedModeEntry
{
    private const int Segments = 6, Cs = 1, Eax = 0, Ebx = 3;
    private const ushort CodeSelector = 0x08, DataSelector = 0x10;
    private const byte ReadableCode = 0xB, WritableData = 0x3; // both accessed

    /// <summary>Enters a kernel; derived state must be recomputed afterwards.</summary>
    public static void Enter(X86State* s, CpuEntry entry)
    {
        s->CR0_PE = 1;
        s->CR0_CD = s->CR0_NW = 0; // caches on, as a firmware leaves them
        for (int i = 0; i < Segments; i++)
        {
            s->SEG_sel[i] = i == Cs ? CodeSelector : DataSelector;
            s->SEG_base[i] = 0;
            s->SEG_limit[i] = uint.MaxValue;
            s->SEG_attr_TYPE[i] = i == Cs ? ReadableCode : WritableData;
            s->SEG_attr_S[i] = s->SEG_attr_P[i] = s->SEG_attr_DB[i] = s->SEG_attr_G[i] = 1;
            s->SEG_attr_DPL[i] = 0;
        }

        s->GPR[Eax] = entry.Eax;
        s->GPR[Ebx] = entry.Ebx;
        s->EIP = entry.Eip;
    }
}
