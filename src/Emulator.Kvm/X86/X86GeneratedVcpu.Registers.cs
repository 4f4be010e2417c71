using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

internal sealed unsafe partial class X86GeneratedVcpu
{
    private const ulong Cr0Pe = 1, Cr0Nw = 1UL << 29, Cr0Cd = 1UL << 30, Cr0Pg = 1UL << 31;
    private const ulong EferLme = 1UL << 8, EferLma = 1UL << 10;
    private const byte AccessedReadableCode = 0xB;

    // What KVM leaves in EDX before CPUID is set: family 6.
    private const uint ResetEdx = 0x600;

    private static readonly StateInfo s_eflags = X86Metadata.Instance.State("EFLAGS"), s_cr0 = X86Metadata.Instance.State("CR0");
    private static readonly StateInfo s_cr4 = X86Metadata.Instance.State("CR4"), s_efer = X86Metadata.Instance.State("EFER");
    private static readonly ulong s_cr4Bits = BitsOf(s_cr4), s_eferBits = BitsOf(s_efer);

    /// <inheritdoc/>
    public KvmRegs GetRegs() => new()
    {
        Rax = _s->GPR[Gpr.Eax], Rbx = _s->GPR[Gpr.Ebx], Rcx = _s->GPR[Gpr.Ecx], Rdx = _s->GPR[Gpr.Edx],
        Rsi = _s->GPR[Gpr.Esi], Rdi = _s->GPR[Gpr.Edi], Rsp = _s->GPR[Gpr.Esp], Rbp = _s->GPR[Gpr.Ebp],
        Rip = _s->EIP,
        Rflags = Read(s_eflags),
    };

    /// <inheritdoc/>
    public void SetRegs(in KvmRegs regs)
    {
        var s = _s;
        s->GPR[Gpr.Eax] = (uint)regs.Rax;
        s->GPR[Gpr.Ebx] = (uint)regs.Rbx;
        s->GPR[Gpr.Ecx] = (uint)regs.Rcx;
        s->GPR[Gpr.Edx] = (uint)regs.Rdx;
        s->GPR[Gpr.Esi] = (uint)regs.Rsi;
        s->GPR[Gpr.Edi] = (uint)regs.Rdi;
        s->GPR[Gpr.Esp] = (uint)regs.Rsp;
        s->GPR[Gpr.Ebp] = (uint)regs.Rbp;
        if (s->EIP != (uint)regs.Rip)
        {
            // What was begun at the old place ends there.
            s->stepping = s->resumed = s->repeating = s->debug_due = 0;
            s->pending_db = 0;
        }

        s->EIP = (uint)regs.Rip;
        Write(s_eflags, regs.Rflags);
        LeaveStops();
    }

    /// <inheritdoc/>
    public void GetSregs(ref KvmSregs sregs)
    {
        sregs.Cs = GetSegment(Segment.Cs);
        sregs.Ds = GetSegment(Segment.Ds);
        sregs.Es = GetSegment(Segment.Es);
        sregs.Fs = GetSegment(Segment.Fs);
        sregs.Gs = GetSegment(Segment.Gs);
        sregs.Ss = GetSegment(Segment.Ss);
        sregs.Tr = GetSegment(Segment.Tr);
        sregs.Ldt = GetSegment(Segment.Ldtr);
        sregs.Gdt = new KvmDtable { Base = _s->GDTR_base, Limit = _s->GDTR_limit };
        sregs.Idt = new KvmDtable { Base = _s->IDTR_base, Limit = _s->IDTR_limit };
        sregs.Cr0 = Read(s_cr0);
        sregs.Cr2 = _s->CR2;
        sregs.Cr3 = _s->CR3;
        sregs.Cr4 = Read(s_cr4);
        sregs.Efer = Read(s_efer);
        for (var i = 0; i < 4; i++)
        {
            sregs.InterruptBitmap[i] = QueuedInterrupt >> 6 == i ? 1UL << QueuedInterrupt : 0;
        }
    }

    /// <inheritdoc/>
    public string? SetSregs(in KvmSregs sregs)
    {
        if (Problem(sregs) is { } problem)
        {
            return problem;
        }

        SetSegment(Segment.Cs, sregs.Cs);
        SetSegment(Segment.Ds, sregs.Ds);
        SetSegment(Segment.Es, sregs.Es);
        SetSegment(Segment.Fs, sregs.Fs);
        SetSegment(Segment.Gs, sregs.Gs);
        SetSegment(Segment.Ss, sregs.Ss);
        SetSegment(Segment.Tr, sregs.Tr);
        SetSegment(Segment.Ldtr, sregs.Ldt);
        _s->GDTR_base = (uint)sregs.Gdt.Base;
        _s->GDTR_limit = sregs.Gdt.Limit;
        _s->IDTR_base = (uint)sregs.Idt.Base;
        _s->IDTR_limit = sregs.Idt.Limit;
        _s->CR2 = (uint)sregs.Cr2;
        _s->CR3 = (uint)sregs.Cr3;
        Write(s_cr0, sregs.Cr0);
        Write(s_cr4, sregs.Cr4);
        Write(s_efer, sregs.Efer);
        LeaveStops();
        Cpu.FlushTranslations();
        if (_s->CR0_PG != 0 && _s->CR4_PAE != 0)
        {
            // The page-directory pointers come with CR3. Where there are none the old ones stay.
            var eax = _s->GPR[Gpr.Eax];
            _s->GPR[Gpr.Eax] = _s->CR3;
            PerformAtLevel0([0x0F, 0x22, 0xD8]); // MOV CR3, EAX
            _s->GPR[Gpr.Eax] = eax;
        }

        for (var i = 0; i < 4; i++)
        {
            if (sregs.InterruptBitmap[i] != 0)
            {
                QueuedInterrupt = 64 * i + System.Numerics.BitOperations.TrailingZeroCount(sregs.InterruptBitmap[i]);
                break;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool ReadMsr(uint index, out ulong value)
    {
        value = 0;
        return PerformMsr([0x0F, 0x32], index, ref value); // RDMSR
    }

    /// <inheritdoc/>
    public bool WriteMsr(uint index, ulong value) => PerformMsr([0x0F, 0x30], index, ref value); // WRMSR

    /// <summary>What CPUID of the description tells.</summary>
    public KvmCpuidEntry2 Identify(uint function, uint index)
    {
        var s = _s;
        var (eax, ecx, edx, ebx) = (s->GPR[Gpr.Eax], s->GPR[Gpr.Ecx], s->GPR[Gpr.Edx], s->GPR[Gpr.Ebx]);
        s->GPR[Gpr.Eax] = function;
        s->GPR[Gpr.Ecx] = index;
        PerformAtLevel0([0x0F, 0xA2]); // CPUID
        var entry = new KvmCpuidEntry2
        {
            Function = function, Index = index, Eax = s->GPR[Gpr.Eax], Ebx = s->GPR[Gpr.Ebx], Ecx = s->GPR[Gpr.Ecx], Edx = s->GPR[Gpr.Edx],
        };
        (s->GPR[Gpr.Eax], s->GPR[Gpr.Ecx], s->GPR[Gpr.Edx], s->GPR[Gpr.Ebx]) = (eax, ecx, edx, ebx);
        return entry;
    }

    private static ulong BitsOf(StateInfo state) => state.Atoms.Aggregate(0UL, (bits, atom) => bits | ((1UL << atom.Width) - 1) << atom.Low);

    private static string? Problem(in KvmSregs sregs)
    {
        if (sregs.Cr0 >> 32 != 0)
            return "CR0 has bits above 31";
        if ((sregs.Cr0 & Cr0Pg) != 0 && (sregs.Cr0 & Cr0Pe) == 0)
            return "CR0.PG without CR0.PE";
        if ((sregs.Cr0 & Cr0Nw) != 0 && (sregs.Cr0 & Cr0Cd) == 0)
            return "CR0.NW without CR0.CD";
        if ((sregs.Efer & (EferLme | EferLma)) != 0)
            return "long mode (EFER.LME, EFER.LMA) does not exist in this description of x86";
        if ((sregs.Efer & ~s_eferBits) != 0)
            return $"EFER has reserved bits 0x{sregs.Efer & ~s_eferBits:x}";
        if ((sregs.Cr4 & ~s_cr4Bits) != 0)
            return $"CR4 has reserved bits 0x{sregs.Cr4 & ~s_cr4Bits:x}";
        if (sregs.Cr3 >> 32 != 0)
            return "CR3 has bits above 31";
        return IsWide(sregs.Cs) || IsWide(sregs.Ds) || IsWide(sregs.Es) || IsWide(sregs.Fs) || IsWide(sregs.Gs) || IsWide(sregs.Ss) || IsWide(sregs.Tr) || IsWide(sregs.Ldt)
            || (sregs.Gdt.Base | sregs.Idt.Base) >> 32 != 0 ? "a base has bits above 31" : null;
    }

    private static bool IsWide(in KvmSegment segment) => segment.Unusable == 0 && segment.Base >> 32 != 0;

    private ulong Read(StateInfo state) => (ulong)StateAccess.Read<X86Isa>(Header, state, -1, 0);

    private void Write(StateInfo state, ulong value) => StateAccess.Write<X86Isa>(Header, state, -1, 0, value);

    private void ResetRegisters()
    {
        _s->SEG_attr_TYPE[Segment.Cs] = AccessedReadableCode;
        _s->GPR[Gpr.Edx] = ResetEdx;
        Cpu.StateChanged();
    }

    private KvmSegment GetSegment(int i) => new()
    {
        Selector = _s->SEG_sel[i],
        Base = _s->SEG_base[i],
        Limit = _s->SEG_limit[i],
        Type = _s->SEG_attr_TYPE[i],
        S = _s->SEG_attr_S[i],
        Dpl = _s->SEG_attr_DPL[i],
        Present = _s->SEG_attr_P[i],
        Avl = _s->SEG_attr_AVL[i],
        Db = _s->SEG_attr_DB[i],
        G = _s->SEG_attr_G[i],
        Unusable = (byte)(_s->SEG_attr_P[i] ^ 1),
    };

    private void SetSegment(int i, in KvmSegment segment)
    {
        _s->SEG_sel[i] = segment.Selector;
        _s->SEG_base[i] = (uint)segment.Base;
        _s->SEG_limit[i] = segment.Limit;
        _s->SEG_attr_TYPE[i] = (byte)(segment.Type & 0xF);
        _s->SEG_attr_S[i] = (byte)(segment.S & 1);
        _s->SEG_attr_DPL[i] = (byte)(segment.Dpl & 3);
        _s->SEG_attr_P[i] = (byte)(segment.Unusable != 0 ? 0 : segment.Present & 1);
        _s->SEG_attr_AVL[i] = (byte)(segment.Avl & 1);
        _s->SEG_attr_DB[i] = (byte)(segment.Db & 1);
        _s->SEG_attr_G[i] = (byte)(segment.G & 1);
    }

    /// <summary>After a load from outside: the processor is neither halted nor shut down, and its level is that of its stack.</summary>
    private void LeaveStops()
    {
        _s->HALTED = _s->SHUTDOWN = _s->delivering = 0;
        _s->CPL = (byte)(_s->CR0_PE == 0 ? 0 : _s->EFLAGS_VM != 0 ? 3 : _s->SEG_attr_DPL[Segment.Ss]);
        Cpu.StateChanged();
    }

    private bool PerformMsr(ReadOnlySpan<byte> instruction, uint index, ref ulong value)
    {
        var s = _s;
        var (eax, ecx, edx) = (s->GPR[Gpr.Eax], s->GPR[Gpr.Ecx], s->GPR[Gpr.Edx]);
        s->GPR[Gpr.Ecx] = index;
        s->GPR[Gpr.Eax] = (uint)value;
        s->GPR[Gpr.Edx] = (uint)(value >> 32);
        var done = PerformAtLevel0(instruction);
        value = (ulong)s->GPR[Gpr.Edx] << 32 | s->GPR[Gpr.Eax];
        (s->GPR[Gpr.Eax], s->GPR[Gpr.Ecx], s->GPR[Gpr.Edx]) = (eax, ecx, edx);
        return done;
    }

    /// <summary>Carries out an instruction at level 0 on the registers as they are, between runs. False when it raised a trap: it had no effect then.</summary>
    private bool PerformAtLevel0(ReadOnlySpan<byte> instruction)
    {
        var cpl = _s->CPL;
        _s->CPL = 0;
        var done = Perform(instruction);
        _s->CPL = cpl;
        Cpu.StateChanged();
        return done;
    }
}
