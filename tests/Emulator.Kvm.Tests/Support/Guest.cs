using System.Runtime.InteropServices;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm.Tests;

/// <summary>A VM with one vCPU and 64 KB of RAM from 0; code lies at 0x1000, and what is above the RAM is nobody's.</summary>
internal sealed unsafe class Guest : IDisposable
{
    public const uint Code = 0x1000, RamSize = 0x10000, Hole = 0x20000, Stack = 0x8000;

    private readonly IKvm _kvm;

    public Guest(string implementation)
    {
        _kvm = Implementations.Open(implementation);
        Vm = _kvm.CreateVm();
        Vm.SetTssAddr(0xFFFB_D000);
        Ram = new NativeBlock(RamSize);
        Vm.SetUserMemoryRegion(0, 0, Ram.Pointer, RamSize);
        Vcpu = Vm.CreateVcpu(0);
    }

    public IKvm System => _kvm;

    public IKvmVm Vm { get; }

    public IKvmVcpu Vcpu { get; }

    public NativeBlock Ram { get; }

    public ref KvmRun Shared => ref *Vcpu.Shared;

    public KvmExitReason Exit => Shared.ExitReason;

    public KvmRegs Regs => Vcpu.GetRegs();

    /// <summary>The data of a port exit.</summary>
    public Span<byte> PortData => Vcpu.Mapping[(int)Shared.Io.DataOffset..];

    /// <summary>Assembles instructions, each at its address after the one before.</summary>
    public static byte[] Assemble(int bits, uint origin, params ReadOnlySpan<string> lines)
    {
        var mode = new X86DecodeMode { osz = (byte)bits, asz = (byte)bits, ssz = (byte)bits };
        var code = new List<byte>();
        Span<byte> bytes = stackalloc byte[16];
        foreach (var line in lines)
        {
            Assert.True(X86Assembler.TryAssemble(in mode, origin + (ulong)code.Count, line, bytes, out var length, out var error), $"{line}: {error}");
            code.AddRange(bytes[..length]);
        }

        return [.. code];
    }

    /// <summary>Puts code at 0x1000 and the vCPU before it: real mode (16) with flat segments, or protected mode (32) with flat 4 GB segments.</summary>
    public void Load(int bits, params ReadOnlySpan<string> lines)
    {
        Write(Code, Assemble(bits, Code, lines));
        var sregs = Vcpu.GetSregs();
        if (bits == 16)
        {
            sregs.Cs.Base = 0;
            sregs.Cs.Selector = 0;
        }
        else
        {
            EnterFlat(ref sregs);
        }

        Vcpu.SetSregs(sregs);
        Vcpu.SetRegs(new KvmRegs { Rip = Code, Rsp = Stack, Rflags = 2 });
    }

    /// <summary>Gives the vCPU every feature there is: without, the kernel takes entries of page tables that need one for malformed.</summary>
    public void UseSupportedCpuid()
    {
        var entries = new KvmCpuidEntry2[256];
        Vcpu.SetCpuid2(entries.AsSpan(0, _kvm.GetSupportedCpuid(entries)));
    }

    /// <summary>Protected mode with paging: one 4 MB page at 0, and 0x400000 on the same memory, from which EAX is read.</summary>
    public void LoadPaged()
    {
        UseSupportedCpuid();
        Load(32, "mov eax, dword [0x402000]", "hlt");
        Write(0x2000, [1, 2, 3, 4]);
        Write(0x6000, BitConverter.GetBytes(0x83u));
        Write(0x6004, BitConverter.GetBytes(0x83u));
        var sregs = Vcpu.GetSregs();
        sregs.Cr3 = 0x6000;
        sregs.Cr4 |= 1 << 4;
        sregs.Cr0 |= 1ul << 31;
        Vcpu.SetSregs(sregs);
    }

    /// <summary>Flat protected mode at level 0.</summary>
    public static void EnterFlat(ref KvmSregs sregs)
    {
        var data = new KvmSegment { Limit = uint.MaxValue, Selector = 0x10, Type = 3, Present = 1, Db = 1, S = 1, G = 1 };
        sregs.Ds = sregs.Es = sregs.Fs = sregs.Gs = sregs.Ss = data;
        sregs.Cs = data with { Selector = 8, Type = 0xB };
        sregs.Cr0 |= 1;
    }

    /// <summary>Runs to an exit.</summary>
    public KvmExitReason Run()
    {
        Assert.True(Vcpu.Run());
        return Exit;
    }

    public void Write(uint address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Ram.AsSpan(address, bytes.Length));

    public T Read<T>(uint address)
        where T : unmanaged
        => MemoryMarshal.Read<T>(Ram.AsSpan(address, sizeof(T)));

    public void Dispose()
    {
        Vcpu.Dispose();
        Vm.Dispose();
        _kvm.Dispose();
        Ram.Dispose();
    }
}
