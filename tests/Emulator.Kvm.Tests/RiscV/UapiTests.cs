using System.Globalization;
using System.Runtime.InteropServices;
using Emulator.Testing;

namespace Emulator.Kvm.Tests.RiscV;

/// <summary>Numbers and layouts against the kernel's own headers for RISC-V, compiled; those that are younger than the headers (of Linux 6.1) are stated by value.</summary>
public sealed class UapiTests
{
    private const string Headers = "/usr/riscv64-linux-gnu/include";

    /// <summary>Expressions of C, and what they are here.</summary>
    private static readonly (string Expression, ulong Value)[] s_expressions =
    [
        ("KVM_INTERRUPT_SET", KvmRiscV.InterruptSet), ("KVM_INTERRUPT_UNSET", KvmRiscV.InterruptUnset),
        ("KVM_RISCV_MODE_S", KvmRiscV.ModeS), ("KVM_RISCV_MODE_U", KvmRiscV.ModeU), ("KVM_RISCV_TIMER_STATE_ON", KvmRiscV.TimerOn), ("KVM_RISCV_TIMER_STATE_OFF", KvmRiscV.TimerOff),
        ("KVM_REG_RISCV", KvmRiscV.Arch), ("KVM_REG_ARCH_MASK", KvmRiscV.ArchMask), ("KVM_REG_SIZE_MASK", KvmRiscV.SizeMask), ("KVM_REG_RISCV_TYPE_MASK", KvmRiscV.TypeMask),
        ("KVM_REG_SIZE_U32", KvmRiscV.SizeU32), ("KVM_REG_SIZE_U64", KvmRiscV.SizeU64),
        ("KVM_REG_RISCV_CONFIG", KvmRiscV.Config), ("KVM_REG_RISCV_CORE", KvmRiscV.Core), ("KVM_REG_RISCV_CSR", KvmRiscV.Csr), ("KVM_REG_RISCV_TIMER", KvmRiscV.Timer),
        ("KVM_REG_RISCV_FP_F", KvmRiscV.FpF), ("KVM_REG_RISCV_FP_D", KvmRiscV.FpD), ("KVM_REG_RISCV_ISA_EXT", KvmRiscV.IsaExt),
        ("KVM_REG_RISCV_CONFIG_REG(isa)", KvmRiscV.Isa), ("KVM_REG_RISCV_CONFIG_REG(zicbom_block_size)", KvmRiscV.ZicbomBlockSize),
        ("KVM_REG_RISCV_CORE_REG(regs.pc)", KvmRiscV.Pc), ("KVM_REG_RISCV_CORE_REG(regs.ra)", KvmRiscV.Ra), ("KVM_REG_RISCV_CORE_REG(regs.sp)", KvmRiscV.Sp),
        ("KVM_REG_RISCV_CORE_REG(regs.a0)", KvmRiscV.A0), ("KVM_REG_RISCV_CORE_REG(regs.a1)", KvmRiscV.A1), ("KVM_REG_RISCV_CORE_REG(regs.t6)", KvmRiscV.T6),
        ("KVM_REG_RISCV_CORE_REG(regs.s2)", 18), ("KVM_REG_RISCV_CORE_REG(regs.t3)", 28), ("KVM_REG_RISCV_CORE_REG(mode)", KvmRiscV.Mode),
        ("KVM_REG_RISCV_CSR_REG(sstatus)", KvmRiscV.Sstatus), ("KVM_REG_RISCV_CSR_REG(sie)", KvmRiscV.Sie), ("KVM_REG_RISCV_CSR_REG(stvec)", KvmRiscV.Stvec),
        ("KVM_REG_RISCV_CSR_REG(sscratch)", KvmRiscV.Sscratch), ("KVM_REG_RISCV_CSR_REG(sepc)", KvmRiscV.Sepc), ("KVM_REG_RISCV_CSR_REG(scause)", KvmRiscV.Scause),
        ("KVM_REG_RISCV_CSR_REG(stval)", KvmRiscV.Stval), ("KVM_REG_RISCV_CSR_REG(sip)", KvmRiscV.Sip), ("KVM_REG_RISCV_CSR_REG(satp)", KvmRiscV.Satp),
        ("KVM_REG_RISCV_CSR_REG(scounteren)", KvmRiscV.Scounteren),
        ("KVM_REG_RISCV_TIMER_REG(frequency)", KvmRiscV.TimerFrequency), ("KVM_REG_RISCV_TIMER_REG(time)", KvmRiscV.TimerTime),
        ("KVM_REG_RISCV_TIMER_REG(compare)", KvmRiscV.TimerCompare), ("KVM_REG_RISCV_TIMER_REG(state)", KvmRiscV.TimerState),
        ("KVM_REG_RISCV_FP_F_REG(f[31])", 31), ("KVM_REG_RISCV_FP_F_REG(fcsr)", KvmRiscV.Fcsr), ("KVM_REG_RISCV_FP_D_REG(f[31])", 31), ("KVM_REG_RISCV_FP_D_REG(fcsr)", KvmRiscV.Fcsr),
        .. Enum.GetValues<KvmRiscVIsaExt>().Where(e => e <= KvmRiscVIsaExt.Zicbom).Select(e => ($"KVM_RISCV_ISA_EXT_{e.ToString().ToUpperInvariant()}", (ulong)e)),
        ("KVM_EXIT_SYSTEM_EVENT", (ulong)KvmExitReason.SystemEvent), ("KVM_EXIT_RISCV_SBI", (ulong)KvmExitReason.RiscVSbi), ("KVM_EXIT_RISCV_CSR", (ulong)KvmExitReason.RiscVCsr),
        ("KVM_SYSTEM_EVENT_SHUTDOWN", (ulong)KvmSystemEventType.Shutdown), ("KVM_SYSTEM_EVENT_RESET", (ulong)KvmSystemEventType.Reset), ("KVM_SYSTEM_EVENT_CRASH", (ulong)KvmSystemEventType.Crash),
        ("KVM_MP_STATE_STOPPED", (ulong)KvmMpState.Stopped), ("KVM_MP_STATE_RUNNABLE", (ulong)KvmMpState.Runnable),
        ("KVM_CAP_ONE_REG", (ulong)KvmCapability.OneReg), ("KVM_CAP_VM_GPA_BITS", (ulong)KvmCapability.VmGpaBits), ("KVM_CAP_SYNC_MMU", (ulong)KvmCapability.SyncMmu),
        ("KVM_GET_ONE_REG", KvmRequest.GetOneReg), ("KVM_SET_ONE_REG", KvmRequest.SetOneReg), ("KVM_GET_REG_LIST", KvmRequest.GetRegList),
        ("KVM_RUN", KvmRequest.Run), ("KVM_INTERRUPT", KvmRequest.Interrupt), ("KVM_GET_MP_STATE", KvmRequest.GetMpState), ("KVM_SET_MP_STATE", KvmRequest.SetMpState),
        ("KVM_SET_SIGNAL_MASK", KvmRequest.SetSignalMask), ("KVM_SET_USER_MEMORY_REGION", KvmRequest.SetUserMemoryRegion), ("KVM_GET_DIRTY_LOG", KvmRequest.GetDirtyLog),
        ("sizeof(struct kvm_one_reg)", (ulong)SizeOf<KvmOneReg>()), ("offsetof(struct kvm_one_reg, addr)", Offset<KvmOneReg>(nameof(KvmOneReg.Addr))),
        ("offsetof(struct kvm_run, exit_reason)", Offset<KvmRun>(nameof(KvmRun.ExitReason))), ("offsetof(struct kvm_run, mmio)", Offset<KvmRun>(nameof(KvmRun.Mmio))),
        ("offsetof(struct kvm_run, mmio.len)", 32 + Offset<KvmRunMmio>(nameof(KvmRunMmio.Len))),
        ("offsetof(struct kvm_run, riscv_sbi)", Offset<KvmRun>(nameof(KvmRun.RiscVSbi))), ("offsetof(struct kvm_run, riscv_sbi.function_id)", 32 + Offset<KvmRunRiscVSbi>(nameof(KvmRunRiscVSbi.FunctionId))),
        ("offsetof(struct kvm_run, riscv_sbi.args)", 32 + Offset<KvmRunRiscVSbi>(nameof(KvmRunRiscVSbi.Args))), ("offsetof(struct kvm_run, riscv_sbi.ret)", 32 + Offset<KvmRunRiscVSbi>(nameof(KvmRunRiscVSbi.Ret))),
        ("sizeof(((struct kvm_run *)0)->riscv_sbi)", (ulong)SizeOf<KvmRunRiscVSbi>()),
        ("offsetof(struct kvm_run, system_event)", Offset<KvmRun>(nameof(KvmRun.SystemEvent))), ("offsetof(struct kvm_run, system_event.data)", 32 + Offset<KvmRunSystemEvent>(nameof(KvmRunSystemEvent.Data))),
        ("sizeof(((struct kvm_run *)0)->system_event)", (ulong)SizeOf<KvmRunSystemEvent>()),
    ];

    [Fact]
    public void Numbers_are_those_of_the_headers()
    {
        if (!File.Exists(Path.Combine(Headers, "asm", "kvm.h")))
        {
            Assert.False(Repository.IsCi, $"{Headers} is missing: install linux-libc-dev-riscv64-cross");
            TestReport.Write("kvm-riscv-headers", "not compared: linux-libc-dev-riscv64-cross is not installed");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("kvm-riscv");
        try
        {
            var (source, program) = (Path.Combine(folder.FullName, "numbers.c"), Path.Combine(folder.FullName, "numbers"));
            File.WriteAllText(source, "#include <stddef.h>\n#include <stdio.h>\n#include <linux/kvm.h>\nint main(void)\n{\n"
                + string.Concat(s_expressions.Select(e => $"    printf(\"%llx\\n\", (unsigned long long)({e.Expression}));\n")) + "}\n");

            // Layouts are the same on every machine of 64 bits, so that the host's compiler will do.
            Tool("gcc", "-isystem", Headers, "-o", program, source);
            var lines = Tool(program).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(s_expressions.Length, lines.Length);
            foreach (var (expected, line) in s_expressions.Zip(lines))
            {
                // Negative constants of C are sign-extended.
                var value = ulong.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                Assert.True(expected.Value == value || (expected.Value == (uint)value && (int)value == (long)value), $"{expected.Expression} is 0x{value:x}, here 0x{expected.Value:x}");
            }

            TestReport.Write("kvm-riscv-headers", $"{lines.Length} numbers and offsets agree with the headers of Linux");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Younger_numbers_are_those_of_Linux_6_6()
    {
        Assert.Equal((8ul << 24, 0ul, 1ul << 16, 2ul << 16, 0xFF_0000ul), (KvmRiscV.SbiExt, KvmRiscV.Single, KvmRiscV.MultiEnable, KvmRiscV.MultiDisable, KvmRiscV.SubtypeMask));
        Assert.Equal((2ul, 3ul, 4ul, 5ul, 6ul), (KvmRiscV.MVendorId, KvmRiscV.MArchId, KvmRiscV.MImpId, KvmRiscV.ZicbozBlockSize, KvmRiscV.SatpMode));
        Assert.Equal(["Zicboz", "Zbb", "Ssaia", "V", "Svnapot", "Zba", "Zbs", "Zicntr", "Zicsr", "Zifencei"], Enumerable.Range(12, 10).Select(i => ((KvmRiscVIsaExt)i).ToString()));
        Assert.Equal(["V01", "Time", "Ipi", "Rfence", "Srst", "Hsm", "Pmu", "Experimental", "Vendor", "Dbcn"], Enumerable.Range(0, 10).Select(i => ((KvmRiscVSbiExt)i).ToString()));
    }

    private static unsafe int SizeOf<T>()
        where T : unmanaged
        => sizeof(T);

    private static ulong Offset<T>(string field) => (ulong)Marshal.OffsetOf<T>(field);

    private static string Tool(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors}");
        return output;
    }
}
