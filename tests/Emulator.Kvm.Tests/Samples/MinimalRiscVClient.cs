using Emulator.Kvm;
using Emulator.Runtime;

/// <summary>The least client for a guest of RISC-V: a sum for the console, then a device register; ends when the guest shuts down.</summary>
public static unsafe class MinimalRiscVClient
{
    private const uint Ram = 0x8000_0000, PutChar = 1;

    // addi a7, zero, 1; add a0, a0, a1; addi a0, a0, '0'; ecall (a character for the console);
    // lui t0, 0x10000; lbu a0, 0(t0); ecall (what the device says); addi a7, zero, 8; ecall (shutdown)
    private static readonly uint[] s_code = [0x00100893, 0x00B50533, 0x03050513, 0x00000073, 0x100002B7, 0x0002C503, 0x00000073, 0x00800893, 0x00000073];

    public static void Run(IKvm kvm, TextWriter output)
    {
        if (kvm.GetApiVersion() != 12 || kvm.CheckExtension(KvmCapability.OneReg) == 0)
            throw new InvalidOperationException("not the KVM API, or none with single registers");
        using var memory = new NativeBlock(0x1000);
        for (var i = 0; i < s_code.Length; i++)
            ((uint*)memory.Pointer)[i] = s_code[i];
        using var vm = kvm.CreateVm();
        vm.SetUserMemoryRegion(slot: 0, gpa: Ram, memory.Pointer, memory.Length);
        using var vcpu = vm.CreateVcpu(0);
        vcpu.SetOneReg(KvmRiscV.Core64 | KvmRiscV.Pc, Ram);
        vcpu.SetOneReg(KvmRiscV.Core64 | KvmRiscV.A0, 2);
        vcpu.SetOneReg(KvmRiscV.Core64 | KvmRiscV.A1, 2);
        while (true)
        {
            vcpu.Run();
            ref var run = ref *vcpu.Shared;
            switch (run.ExitReason)
            {
                case KvmExitReason.RiscVSbi when run.RiscVSbi.ExtensionId == PutChar:
                    output.Write((char)run.RiscVSbi.Args[0]);
                    run.RiscVSbi.Ret[0] = 0;
                    break;
                case KvmExitReason.Mmio when run.Mmio.IsWrite == 0:
                    run.Mmio.Data = '!';
                    break;
                case KvmExitReason.SystemEvent when run.SystemEvent.Type == KvmSystemEventType.Shutdown:
                    return;
                default:
                    throw new InvalidOperationException($"unexpected exit {run.ExitReason}");
            }
        }
    }
}
