using Emulator.Testing;
using Emulator.Testing.X86;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using Machine = Emulator.Testing.TestCpu<Emulator.X86.X86Isa>;

namespace Emulator.X86.Tests;

/// <summary>A processor in VMX root operation with a current VMCS, in which a flat 32-bit guest is ready to be launched. Monitor and guest have the same identity-mapped memory.</summary>
internal sealed class VmxMachine : IDisposable
{
    public const uint Directory = 0x1000, VmxonRegion = 0x2000, Vmcs = 0x3000, Gdt = 0x4000, BitmapA = 0x5000, BitmapB = 0x6000, MsrBitmaps = 0x7000;
    public const uint HostCode = 0x8000, HostEntry = 0x8800, GuestCode = 0x9000, GuestIdt = 0xA000, Tss = 0xB000, Lists = 0xC000, Handlers = 0xD000, Ept = 0x10000;
    public const uint GuestStack = 0x20000, HostStack = 0x24000, Data = 0x28000;
    private const int MemoryBytes = 8 << 20;

    private readonly Machine _cpu;
    private bool _launched;

    public VmxMachine()
    {
        _cpu = TestCpus.CreateX86(MemoryBytes);
        TestCpus.EnterFlat(_cpu, HostCode);
        for (uint i = 0; i < 2; i++)
            Write(Directory + i * 4, i << 22 | 0xE7, 4);
        // Null, code and data of level 0, a TSS, an LDT, code and data of level 3.
        ulong[] descriptors = [0, 0x00CF9B000000FFFF, 0x00CF93000000FFFF, 0x00008B00B0000067, 0, 0x00CFFB000000FFFF, 0x00CFF3000000FFFF, 0x00008900B1000067];
        for (int i = 0; i < descriptors.Length; i++)
            Write(Gdt + (uint)i * 8, descriptors[i], 8);
        for (uint i = 0; i < 32; i++)
            Write(GuestIdt + i * 8, 0x0000_8E00_0008_0000 | (ulong)(Handlers + i * 16), 8);
        _cpu.Set("gdtr.base", Gdt);
        _cpu.Set("gdtr.limit", 0x3F);
        _cpu.Set("cr3", Directory);
        _cpu.Set("cr4", 0x2010);
        _cpu.Set("cr0", 0x8000_0031);
        _cpu.Set("feature_control", 5);
        _cpu.Set("esp", HostStack);
        _cpu.StateChanged();
        uint revision = (uint)Msr(0x480);
        Write(VmxonRegion, revision, 4);
        Write(Vmcs, revision, 4);
        Write(Data, VmxonRegion, 8);
        Write(Data + 8, Vmcs, 8);
        Execute(a => a.vmxon(__qword_ptr[Data]));
        Execute(a => a.vmclear(__qword_ptr[Data + 8]));
        Execute(a => a.vmptrld(__qword_ptr[Data + 8]));
        Defaults();
        // Where exits arrive the monitor waits to be asked.
        Put(HostEntry, a => a.db(0xEB, 0xFE));
    }

    public ITestCpu Cpu => _cpu;

    /// <summary>Whether the guest runs.</summary>
    public bool InGuest => _cpu.Get("vmx_mode") == 2;

    /// <summary>A field of the VMCS, by VMREAD and VMWRITE.</summary>
    public uint this[uint field]
    {
        get
        {
            _cpu.Set("ecx", field);
            Execute(a => a.vmread(eax, ecx));
            return (uint)_cpu.Get("eax");
        }

        set
        {
            _cpu.Set("ecx", field);
            _cpu.Set("eax", value);
            Execute(a => a.vmwrite(ecx, eax));
            if ((_cpu.Get("eflags") & 0x41) != 0)
                throw new InvalidOperationException($"VMWRITE of field {field:x} failed");
        }
    }

    /// <summary>Reads a register by RDMSR.</summary>
    public ulong Msr(uint number)
    {
        _cpu.Set("ecx", number);
        Execute(a => a.rdmsr());
        return _cpu.Get("edx") << 32 | _cpu.Get("eax");
    }

    public void Write(uint address, ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BitConverter.TryWriteBytes(bytes, value);
        _cpu.WriteMemory(address, bytes[..size]);
    }

    public ulong Read(uint address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        _cpu.ReadMemory(address, bytes[..size]);
        return BitConverter.ToUInt64(bytes);
    }

    /// <summary>Executes one instruction of the monitor.</summary>
    public StepResult Execute(Action<Assembler> code)
    {
        Put(HostCode, code);
        _cpu.Set("eip", HostCode);
        _cpu.StateChanged();
        return _cpu.Step();
    }

    /// <summary>Writes code to memory.</summary>
    public int Put(uint address, Action<Assembler> code)
    {
        var assembler = new Assembler(32);
        code(assembler);
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        byte[] bytes = stream.ToArray();
        _cpu.WriteMemory(address, bytes);
        return bytes.Length;
    }

    /// <summary>Code of the guest.</summary>
    public VmxMachine Guest(Action<Assembler> code)
    {
        Put(GuestCode, code);
        return this;
    }

    /// <summary>Sets bits of a control field.</summary>
    public VmxMachine With(uint field, uint bits)
    {
        this[field] |= bits;
        return this;
    }

    /// <summary>Sets a field.</summary>
    public VmxMachine Set(uint field, uint value)
    {
        this[field] = value;
        return this;
    }

    /// <summary>VMLAUNCH, or VMRESUME later; the VM-instruction error, 0 when it got past the checks of controls and host state.</summary>
    public uint Enter()
    {
        if (_launched)
            Execute(a => a.vmresume());
        else
            Execute(a => a.vmlaunch());
        if (InGuest || _cpu.Get("eip") == HostEntry)
        {
            _launched = true;
            return 0;
        }

        ulong flags = _cpu.Get("eflags");
        return (flags & 1) != 0 ? uint.MaxValue : (flags & 0x40) != 0 ? this[VmcsField.InstructionError] : throw new InvalidOperationException("neither entered nor failed");
    }

    /// <summary>Runs the guest until it exits; the exit reason.</summary>
    public uint Run(int steps = 100)
    {
        uint error = Enter();
        if (error != 0)
            throw new InvalidOperationException($"VM entry failed with error {error}");
        return Continue(steps);
    }

    /// <summary>Runs the guest on.</summary>
    public uint Continue(int steps = 100)
    {
        for (int i = 0; i < steps && InGuest; i++)
            _cpu.Step();
        return InGuest ? throw new InvalidOperationException($"the guest does not exit; it is at {_cpu.Get("eip"):x}") : this[VmcsField.Reason];
    }

    /// <summary>Fills the tables of EPT: a root at <see cref="Ept"/> that maps the first 2 MB by pages of 4 KB and what follows by one of 2 MB, identically, with all rights.</summary>
    public VmxMachine UseEpt(uint flags = 0)
    {
        Write(Ept, Ept + 0x1000 | 7, 8);
        Write(Ept + 0x1000, Ept + 0x2000 | 7, 8);
        Write(Ept + 0x2000, Ept + 0x3000 | 7, 8);
        for (uint i = 1; i < 4; i++)
            Write(Ept + 0x2000 + i * 8, i << 21 | 0xB7, 8);
        for (uint i = 0; i < 512; i++)
            Write(Ept + 0x3000 + i * 8, i << 12 | 0x37, 8);
        this[VmcsField.EptPointer] = Ept | 0x1E | flags;
        return With(VmcsField.Proc, 1u << 31).With(VmcsField.Proc2, 2);
    }

    /// <summary>The entry of EPT that maps a page below 2 MB.</summary>
    public static uint EptEntry(uint address) => Ept + 0x3000 + (address >> 12) * 8;

    public void Dispose() => _cpu.Dispose();

    private void Defaults()
    {
        this[VmcsField.Pin] = (uint)Msr(0x48D);
        this[VmcsField.Proc] = (uint)Msr(0x48E);
        this[VmcsField.ExitControls] = (uint)Msr(0x48F) | 1 << 2;
        this[VmcsField.EntryControls] = (uint)Msr(0x490) | 1 << 2;
        this[VmcsField.Link] = uint.MaxValue;
        this[VmcsField.Link + 1] = uint.MaxValue;
        for (uint segment = VmcsField.Es; segment <= VmcsField.Gs; segment += 2)
        {
            this[VmcsField.GuestSelectors + segment] = segment == VmcsField.Cs ? 8u : 16u;
            this[VmcsField.HostSelectors + segment] = segment == VmcsField.Cs ? 8u : 16u;
            this[VmcsField.GuestLimits + segment] = uint.MaxValue;
            this[VmcsField.GuestRights + segment] = segment == VmcsField.Cs ? 0xC09Bu : 0xC093u;
        }

        this[VmcsField.GuestRights + VmcsField.Ldtr] = 0x10000;
        this[VmcsField.GuestSelectors + VmcsField.Tr] = 24;
        this[VmcsField.GuestBases + VmcsField.Tr] = Tss;
        this[VmcsField.GuestLimits + VmcsField.Tr] = 0x67;
        this[VmcsField.GuestRights + VmcsField.Tr] = 0x8B;
        this[VmcsField.HostSelectors + VmcsField.Ldtr] = 24;
        this[VmcsField.HostTrBase] = Tss;
        foreach (uint side in (uint[])[VmcsField.GuestCr0, VmcsField.HostCr0])
        {
            this[side] = (uint)_cpu.Get("cr0");
            this[side + 2] = Directory;
            this[side + 4] = (uint)_cpu.Get("cr4");
        }

        this[VmcsField.GdtrBase] = Gdt;
        this[VmcsField.GdtrLimit] = 0x3F;
        this[VmcsField.IdtrBase] = GuestIdt;
        this[VmcsField.IdtrLimit] = 0xFF;
        this[0x6C0C] = Gdt;
        this[VmcsField.Dr7] = 0x400;
        this[VmcsField.Esp] = GuestStack;
        this[VmcsField.Eip] = GuestCode;
        this[VmcsField.Eflags] = 2;
        this[VmcsField.HostEsp] = HostStack;
        this[VmcsField.HostEip] = HostEntry;
    }
}
