using Emulator.Kvm;
using Emulator.Runtime;

/// <summary>The least client: a sum in real mode, then a device register in protected mode entered directly; prints what the guest writes to the serial port.</summary>
public static unsafe class MinimalClient
{
    private const uint Code = 0x1000;

    public static void Run(IKvm kvm, TextWriter output)
    {
        if (kvm.GetApiVersion() != 12)
            throw new InvalidOperationException("not the KVM API of Linux since 2.6.22");
        using var memory = new NativeBlock(0x4000);
        using var vm = kvm.CreateVm();
        vm.SetTssAddr(0xFFFB_D000);
        vm.SetUserMemoryRegion(slot: 0, gpa: 0, memory.Pointer, memory.Length);
        using var vcpu = vm.CreateVcpu(0);

        // mov dx, 0x3f8; add al, bl; add al, '0'; out dx, al; hlt
        ((ReadOnlySpan<byte>)[0xBA, 0xF8, 0x03, 0x00, 0xD8, 0x04, 0x30, 0xEE, 0xF4]).CopyTo(memory.AsSpan(Code, 9));
        var sregs = vcpu.GetSregs();
        sregs.Cs.Base = sregs.Cs.Selector = 0;
        vcpu.SetSregs(sregs);
        vcpu.SetRegs(new KvmRegs { Rip = Code, Rax = 2, Rbx = 2, Rflags = 2 });
        Loop(vcpu, output);

        // mov al, [0x80000000]; mov dx, 0x3f8; out dx, al; hlt
        ((ReadOnlySpan<byte>)[0xA0, 0x00, 0x00, 0x00, 0x80, 0x66, 0xBA, 0xF8, 0x03, 0xEE, 0xF4]).CopyTo(memory.AsSpan(Code + 0x100, 11));
        var data = new KvmSegment { Limit = uint.MaxValue, Selector = 16, Type = 3, Present = 1, Db = 1, S = 1, G = 1 };
        sregs.Ds = sregs.Es = sregs.Fs = sregs.Gs = sregs.Ss = data;
        sregs.Cs = data with { Selector = 8, Type = 11 };
        sregs.Cr0 |= 1;
        vcpu.SetSregs(sregs);
        vcpu.SetRegs(new KvmRegs { Rip = Code + 0x100, Rflags = 2 });
        Loop(vcpu, output);
    }

    private static void Loop(IKvmVcpu vcpu, TextWriter output)
    {
        while (true)
        {
            vcpu.Run();
            ref var run = ref *vcpu.Shared;
            switch (run.ExitReason)
            {
                case KvmExitReason.Io when run.Io is { Direction: KvmRunIo.Out, Port: 0x3F8 }:
                    output.Write((char)vcpu.Mapping[(int)run.Io.DataOffset]);
                    break;
                case KvmExitReason.Mmio when run.Mmio.IsWrite == 0:
                    run.Mmio.Data = '!';
                    break;
                case KvmExitReason.Hlt:
                    return;
                default:
                    throw new InvalidOperationException($"unexpected exit {run.ExitReason}");
            }
        }
    }
}
