using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>
/// The real machine of a VMX monitor: a generated CPU in VMX root operation, with memory of its own that the guest cannot name. Whatever is done to it is done by its own instructions:
/// VMXON, VMPTRLD, VMWRITE, VMREAD, VMLAUNCH, VMRESUME.
/// </summary>
/// <remarks>
/// Root operation has paging on; the monitor's linear addresses 0 to FFFFF are the first megabyte of its own memory (<see cref="PhysicalMemory.OwnBase"/>). In there lie three stubs of
/// code: VMLAUNCH, VMRESUME, and where VM exits lead, each followed by HLT, at which the processor comes back to the monitor.
/// </remarks>
internal sealed unsafe class VmxRoot : IDisposable
{
    /// <summary>Bytes of the monitor's own memory; none of them has address bit 20 set, which a gate of the machine may clear.</summary>
    public const uint Size = 1 << 20;

    private const uint Launch = 0x000, Resume = 0x010, Exit = 0x020, Descriptors = 0x100, Task = 0x200;
    private const uint Directory = 0x1000, Table = 0x2000, VmxonRegion = 0x3000, VmcsRegion = 0x4000;

    /// <summary>Where the monitor's memory is free for tables.</summary>
    public const uint Free = 0x5000;

    private const uint CodeSelector = 8, DataSelector = 16, TaskSelector = 24;
    private const uint BasicMsr = 0x480, FeatureControlMsr = 0x3A, FeatureControlLocked = 1, FeatureControlVmxon = 4;
    private const uint Cr0 = 0x8000_0021, Cr4 = 0x2000;

    private readonly NativeBlock _own;
    private readonly X86State* _s;
    private readonly LoneInstruction<X86Isa> _read, _write;
    private bool _launched;

    /// <summary>Puts a CPU into VMX root operation over the memory of a guest.</summary>
    public VmxRoot(PhysicalMemory guest)
    {
        Memory = new PhysicalMemory(guest, below: 1UL << 32);
        _own = Memory.AddRam(Memory.OwnBase, Size);
        Base = (uint)Memory.OwnBase;
        Cpu = new Cpu<X86Isa>(new CpuOptions { Buses = new Dictionary<string, Bus> { ["pmem"] = Memory }, Externs = new RealTime() });
        _s = (X86State*)Cpu.State;
        Build();
        Start();
        _read = new LoneInstruction<X86Isa>(Cpu, 0x0F, 0x78, 0xC8); // VMREAD EAX, ECX
        _write = new LoneInstruction<X86Isa>(Cpu, 0x0F, 0x79, 0xC8); // VMWRITE ECX, EAX
        WriteHostState();
    }

    /// <summary>The CPU.</summary>
    public Cpu<X86Isa> Cpu { get; }

    /// <summary>Its memory: the guest's, and the monitor's own.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Physical address of the monitor's own memory.</summary>
    public uint Base { get; }

    /// <summary>The monitor's own memory.</summary>
    public byte* Own => _own.Pointer;

    /// <summary>Whether the guest runs: what is in the CPU is the guest's.</summary>
    public bool InGuest => _s->VMX_MODE == 2;

    /// <summary>Whether the CPU waits for the monitor at the end of one of its stubs.</summary>
    public bool IsWaiting => _s->HALTED != 0;

    /// <summary>Whether the CPU was stopped before VMLAUNCH or VMRESUME.</summary>
    public bool HasNotStarted => !InGuest && !IsWaiting && _s->EIP is Launch or Resume;

    /// <summary>Whether VM entry was refused (VMfail): execution went on behind VMLAUNCH or VMRESUME.</summary>
    public bool EntryFailed => !InGuest && _s->EIP < Exit && !HasNotStarted;

    /// <summary>VMWRITE.</summary>
    public void Write(VmcsField field, uint value)
    {
        (_s->GPR[1], _s->GPR[0]) = ((uint)field, value);
        if (!_write.Execute())
            throw new InvalidOperationException($"VMWRITE of {field} trapped in root operation");
    }

    /// <summary>VMWRITE of both halves of a 64-bit field.</summary>
    public void Write64(VmcsField field, ulong value)
    {
        Write(field, (uint)value);
        Write(field + 1, (uint)(value >> 32));
    }

    /// <summary>VMREAD.</summary>
    public uint Read(VmcsField field)
    {
        _s->GPR[1] = (uint)field;
        if (!_read.Execute())
            throw new InvalidOperationException($"VMREAD of {field} trapped in root operation");
        return _s->GPR[0];
    }

    /// <summary>VMREAD of both halves of a 64-bit field.</summary>
    public ulong Read64(VmcsField field) => Read(field) | ((ulong)Read(field + 1) << 32);

    /// <summary>The controls wanted, with those the processor needs set and without those it does not have: by the capability MSR, or where there are such by the one that tells the truth about
    /// the default ones (SDM vol. 3, appendix A.2).</summary>
    /// <param name="msr">IA32_VMX_PINBASED_CTLS, PROCBASED, EXIT or ENTRY (481 to 484), or PROCBASED_CTLS2 (48B).</param>
    /// <param name="wanted">The controls.</param>
    /// <exception cref="NotSupportedException">It lacks some of them.</exception>
    public uint Controls(uint msr, uint wanted)
    {
        ulong allowed = Msr(msr <= 0x484 && (Msr(BasicMsr, null) >> 55 & 1) != 0 ? msr + 0xC : msr, null);
        return (wanted & ~(uint)(allowed >> 32)) == 0 ? wanted | (uint)allowed : throw new NotSupportedException($"the processor lacks VMX controls {wanted & ~(uint)(allowed >> 32):x} of MSR {msr:x}");
    }

    /// <summary>Runs from VMLAUNCH or VMRESUME until the guest exits or the budget, <see cref="CpuHeader.Remaining"/>, is used up.</summary>
    public RunReason Enter()
    {
        _s->EIP = _launched ? Resume : Launch;
        _s->HALTED = 0;
        Cpu.StateChanged();
        return Cpu.Engine.Run();
    }

    /// <summary>A VM entry was successful: from now on VMRESUME is what enters.</summary>
    public void HasEntered() => _launched = true;

    /// <summary>Gets the guest out of the CPU, before its next instruction: an interrupt of the real machine, which no shadow holds back.</summary>
    public void Interrupt()
    {
        _s->INTR = 1;
        _s->shadow = _s->shadow_ss = 0;
        Cpu.StateChanged();
        while (InGuest)
        {
            Cpu.State->Remaining = 1;
            if (Cpu.Engine.Run() == RunReason.TrapStorm)
                break;
        }

        _s->INTR = 0;
        Cpu.StateChanged();
    }

    /// <summary>Whether the resources are as the monitor set them up, whatever the guest has executed: those of root operation now that it has exited.</summary>
    public bool IsIntact()
    {
        X86State* s = _s;
        return s->VMX_MODE == 1 && s->CPL == 0 && s->CR0_PE == 1 && s->CR0_PG == 1 && s->CR3 == Base + Directory && s->CR4_PAE == 0 && s->EFER_NXE == 0 && s->EFLAGS_VM == 0 && s->EFLAGS_IF == 0
            && s->VM_EPTP == 0 && s->GDTR_base == Descriptors && s->IDTR_base == 0 && s->SEG_sel[1] == CodeSelector && s->SEG_base[1] == 0 && s->SEG_sel[7] == TaskSelector && s->SHUTDOWN == 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        Cpu.Dispose();
        Memory.Dispose();
    }

    /// <summary>Code, descriptors and page tables of the monitor.</summary>
    private void Build()
    {
        byte* own = Own;
        ((ReadOnlySpan<byte>)[0x0F, 0x01, 0xC2, 0xF4]).CopyTo(new Span<byte>(own + Launch, 4)); // VMLAUNCH; HLT
        ((ReadOnlySpan<byte>)[0x0F, 0x01, 0xC3, 0xF4]).CopyTo(new Span<byte>(own + Resume, 4)); // VMRESUME; HLT
        own[Exit] = 0xF4; // HLT
        var descriptors = (ulong*)(own + Descriptors);
        descriptors[1] = 0x00CF_9B00_0000_FFFF;
        descriptors[2] = 0x00CF_9300_0000_FFFF;
        descriptors[3] = 0x0000_8B00_0200_0067;
        *(uint*)(own + Directory) = (Base + Table) | 3;
        for (uint page = 0; page < Size >> 12; page++)
            ((uint*)(own + Table))[page] = (Base + (page << 12)) | 3;
    }

    private void Start()
    {
        X86State* s = _s;
        s->CR0_PE = s->CR0_PG = s->CR0_NE = 1;
        s->CR0_CD = s->CR0_NW = 0;
        s->CR3 = Base + Directory;
        s->CPL = 0;
        for (int i = 0; i < 6; i++)
            Segment(i, i == 1 ? CodeSelector : DataSelector, 0, uint.MaxValue, (byte)(i == 1 ? 0xB : 3), system: false);
        Segment(7, TaskSelector, Task, 0x67, 0xB, system: true);
        (s->GDTR_base, s->GDTR_limit) = (Descriptors, 31);
        (s->IDTR_base, s->IDTR_limit) = (0, 0);
        Cpu.StateChanged();
        Cpu.FlushTranslations();

        uint revision = (uint)Msr(BasicMsr, null);
        s->GPR[0] = Cr4;
        Execute("MOV CR4, EAX", 0x0F, 0x22, 0xE0);
        Msr(FeatureControlMsr, FeatureControlLocked | FeatureControlVmxon);
        *(uint*)(Own + VmxonRegion) = revision;
        *(uint*)(Own + VmcsRegion) = revision;

        // The operand, a physical address, lies where linear address 0FF8 is.
        *(ulong*)(Own + 0xFF8) = Base + VmxonRegion;
        s->GPR[3] = 0xFF8;
        Execute("VMXON [EBX]", 0xF3, 0x0F, 0xC7, 0x33);
        *(ulong*)(Own + 0xFF8) = Base + VmcsRegion;
        s->GPR[3] = 0xFF8;
        Execute("VMCLEAR [EBX]", 0x66, 0x0F, 0xC7, 0x33);
        Execute("VMPTRLD [EBX]", 0x0F, 0xC7, 0x33);
    }

    private void WriteHostState()
    {
        Write(VmcsField.HostCr0, Cr0);
        Write(VmcsField.HostCr3, Base + Directory);
        Write(VmcsField.HostCr4, Cr4);
        Write(VmcsField.HostCsSelector, CodeSelector);
        for (VmcsField field = VmcsField.HostEsSelector; field <= VmcsField.HostDsSelector + 4; field += 2)
            Write(field, field == VmcsField.HostCsSelector ? CodeSelector : DataSelector);
        Write(VmcsField.HostTrSelector, TaskSelector);
        Write(VmcsField.HostTrBase, Task);
        Write(VmcsField.HostGdtrBase, Descriptors);
        Write(VmcsField.HostIdtrBase, 0);
        Write(VmcsField.HostEip, Exit);
        Write(VmcsField.HostEsp, 0xFF0);
        Write64(VmcsField.HostEfer, 0);
    }

    private void Segment(int i, uint selector, uint start, uint limit, byte type, bool system)
    {
        X86State* s = _s;
        s->SEG_sel[i] = (ushort)selector;
        s->SEG_base[i] = start;
        s->SEG_limit[i] = limit;
        s->SEG_attr_TYPE[i] = type;
        s->SEG_attr_S[i] = (byte)(system ? 0 : 1);
        s->SEG_attr_DPL[i] = 0;
        s->SEG_attr_P[i] = 1;
        s->SEG_attr_DB[i] = s->SEG_attr_G[i] = (byte)(system ? 0 : 1);
    }

    private ulong Msr(uint index, ulong? value)
    {
        _s->GPR[1] = index;
        if (value is not { } v)
        {
            Execute("RDMSR", 0x0F, 0x32);
            return _s->GPR[0] | ((ulong)_s->GPR[2] << 32);
        }

        (_s->GPR[0], _s->GPR[2]) = ((uint)v, (uint)(v >> 32));
        Execute("WRMSR", 0x0F, 0x30);
        return v;
    }

    /// <summary>Executes an instruction that must succeed: neither a trap nor VMfail (CF or ZF set).</summary>
    private void Execute(string name, params ReadOnlySpan<byte> bytes)
    {
        using var instruction = new LoneInstruction<X86Isa>(Cpu, bytes);
        (_s->EFLAGS_CF, _s->EFLAGS_ZF) = (0, 0);
        Cpu.StateChanged();
        bool done = instruction.Execute();
        Cpu.Settle();
        if (!done || _s->EFLAGS_CF != 0 || _s->EFLAGS_ZF != 0)
            throw new InvalidOperationException($"{name} failed in the monitor's root operation");
    }

    /// <summary>The real machine has no interrupt controller and no clock: what the guest sees of time is the virtual machine's.</summary>
    private sealed class RealTime : X86Externs
    {
        public override uint AcknowledgeInterrupt(CpuHeader* h) => 0;

        public override ulong Timestamp(CpuHeader* h) => 0;
    }
}
