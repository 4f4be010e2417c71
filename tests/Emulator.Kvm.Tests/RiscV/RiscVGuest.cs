using System.Runtime.InteropServices;
using Emulator.Runtime;
using Emulator.Testing.RiscV;

namespace Emulator.Kvm.Tests.RiscV;

/// <summary>A VM with one vCPU of RISC-V and 64 KB of RAM; code lies at its start, and what is above it is nobody's.</summary>
internal sealed unsafe class RiscVGuest : IDisposable
{
    public const uint Ram = 0x4000_0000, RamSize = 0x10000, Hole = 0x4002_0000, Data = Ram + 0x2000, Handler = Ram + 0x3000, Stack = Ram + 0x8000;

    /// <summary>An ECALL that the client sees, of an extension of its own.</summary>
    public const uint Mine = 0x0900_0000;

    public RiscVGuest(string implementation)
    {
        Xlen = RiscVImplementations.Xlen(implementation);
        System = RiscVImplementations.Open(implementation);
        Vm = System.CreateVm();
        Memory = new NativeBlock(RamSize);
        Vm.SetUserMemoryRegion(0, Ram, Memory.Pointer, RamSize);
        Vcpu = Vm.CreateVcpu(0);
    }

    public int Xlen { get; }

    public Kvm System { get; }

    public KvmVm Vm { get; }

    public KvmVcpu Vcpu { get; }

    public NativeBlock Memory { get; }

    public ref KvmRun Shared => ref *Vcpu.Shared;

    public KvmExitReason Exit => Shared.ExitReason;

    /// <summary>Size and architecture of an id of the type `unsigned long`.</summary>
    public ulong Word => KvmRiscV.Arch | (Xlen == 64 ? KvmRiscV.SizeU64 : KvmRiscV.SizeU32);

    public ulong Pc
    {
        get => Vcpu.GetOneReg(Word | KvmRiscV.Core | KvmRiscV.Pc);
        set => Vcpu.SetOneReg(Word | KvmRiscV.Core | KvmRiscV.Pc, value);
    }

    /// <summary>The lines, assembled for an address; <c>sbi EXTENSION FUNCTION</c> stands for an ECALL, <c>li REGISTER VALUE</c> for a constant of 32 bits.</summary>
    public byte[] Assemble(uint origin, params string[] lines) => RiscvCode.Assemble(Xlen, origin, [.. lines.SelectMany(Expand)]);

    /// <summary>Puts code at the start of RAM, and a vCPU before it in supervisor mode.</summary>
    public void Load(params string[] lines)
    {
        Put(Ram, lines);
        Pc = Ram;
    }

    /// <summary>Puts code somewhere.</summary>
    public void Put(uint address, params string[] lines) => Vm.WriteMemory(address, Assemble(address, lines));

    public ulong X(int register) => Vcpu.GetOneReg(Word | KvmRiscV.Core | (uint)register);

    public void SetX(int register, ulong value) => Vcpu.SetOneReg(Word | KvmRiscV.Core | (uint)register, value);

    public ulong Csr(ulong number) => Vcpu.GetOneReg(Word | KvmRiscV.Csr | number);

    public void SetCsr(ulong number, ulong value) => Vcpu.SetOneReg(Word | KvmRiscV.Csr | number, value);

    /// <summary>Runs to an exit.</summary>
    public KvmExitReason Run()
    {
        Assert.True(Vcpu.Run());
        return Exit;
    }

    /// <summary>Runs to a call of the client's own extension, and gives its function.</summary>
    public ulong RunToCall()
    {
        Assert.Equal(KvmExitReason.RiscVSbi, Run());
        Assert.Equal(Mine, Shared.RiscVSbi.ExtensionId);
        return Shared.RiscVSbi.FunctionId;
    }

    /// <summary>Runs to a write of a device register.</summary>
    public void ExpectWrite(ulong address, int size, ulong data)
    {
        Assert.Equal(KvmExitReason.Mmio, Run());
        Assert.Equal((address, (uint)size, (byte)1), (Shared.Mmio.PhysAddr, Shared.Mmio.Len, Shared.Mmio.IsWrite));
        Assert.Equal(data, Shared.Mmio.Data & (ulong.MaxValue >> (64 - (8 * size))));
    }

    /// <summary>Runs to a read of a device register, and answers it.</summary>
    public void ExpectRead(ulong address, int size, ulong data)
    {
        Assert.Equal(KvmExitReason.Mmio, Run());
        Assert.Equal((address, (uint)size, (byte)0), (Shared.Mmio.PhysAddr, Shared.Mmio.Len, Shared.Mmio.IsWrite));
        Shared.Mmio.Data = data;
    }

    public void Write<T>(uint address, T value)
        where T : unmanaged
        => MemoryMarshal.Write(Memory.AsSpan(address - Ram, sizeof(T)), in value);

    public T Read<T>(uint address)
        where T : unmanaged
        => MemoryMarshal.Read<T>(Memory.AsSpan(address - Ram, sizeof(T)));

    public void Dispose()
    {
        Vm.Dispose();
        System.Dispose();
        Memory.Dispose();
    }

    private static IEnumerable<string> Expand(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words[0] switch
        {
            "li" => Constant(words[1], Number(words[2])),
            "sbi" => [.. Constant("a7", Number(words[1])), .. Constant("a6", Number(words[2])), "ecall"],
            _ => [line],
        };
    }

    private static long Number(string text) => text.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt64(text, 16) : long.Parse(text, global::System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Constant(string register, long value)
    {
        if (value is >= -2048 and < 2048)
            return [$"addi {register}, zero, {value}"];
        var low = (int)(value << 52 >> 52);
        var high = (uint)(value - low) >> 12;
        return low == 0 ? [$"lui {register}, 0x{high:x}"] : [$"lui {register}, 0x{high:x}", $"addi {register}, {register}, {low}"];
    }
}
