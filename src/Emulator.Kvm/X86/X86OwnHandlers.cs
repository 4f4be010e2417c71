using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

/// <summary>The handlers of IN, INS and CPUID, which ask the client.</summary>
internal readonly unsafe struct X86OwnHandlers : IOwnHandlers
{
    private const byte Plain = 0, ReadsPort = 1, Identifies = 2;

    private static readonly byte[] s_kinds = Kinds();

    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Of(int variant) => (variant < s_kinds.Length ? s_kinds[variant] : Plain) switch
    {
        ReadsPort => &ReadPort,
        Identifies => &Identify,
        _ => null,
    };

    private static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Generated(DecodedOp* op) => X86Isa.Handler(op->Variant);

    /// <summary>The handler of IN and INS: undone when the client has not supplied the data yet.</summary>
    private static DecodedOp* ReadPort(CpuHeader* h, DecodedOp* op)
    {
        var vcpu = X86GeneratedVcpu.Of(h);
        if (!vcpu.Owns(h))
        {
            // A deprivileged guest, which does not get as far as the port.
            return Generated(op)(h, op);
        }

        vcpu.BeginPortRead();
        LoneOperation.CarryOut(h, op, Generated(op));
        vcpu.EndPortRead(op);

        // Reading a port ends a block.
        return null;
    }

    /// <summary>The handler of CPUID: carried out, then answered from the client's table.</summary>
    private static DecodedOp* Identify(CpuHeader* h, DecodedOp* op)
    {
        var s = (X86State*)h;
        var (eax, ebx, ecx, edx) = X86GeneratedVcpu.Of(h).Cpuid.Look(s->GPR[Gpr.Eax], s->GPR[Gpr.Ecx]);
        if (!LoneOperation.CarryOut(h, op, Generated(op)))
        {
            return null;
        }

        s->GPR[Gpr.Eax] = eax;
        s->GPR[Gpr.Ebx] = ebx;
        s->GPR[Gpr.Ecx] = ecx;
        s->GPR[Gpr.Edx] = edx;

        // The engine's loop goes on there, whichever way handlers are linked.
        return (op->Flags & OpFlags.EndsBlock) != 0 ? null : op + 1;
    }

    private static byte[] Kinds()
    {
        var metadata = X86Metadata.Instance;
        var kinds = new byte[metadata.VariantForms.Count];
        for (var variant = 0; variant < kinds.Length; variant++)
        {
            var form = metadata.FormOf(variant)!;
            kinds[variant] = form.Reads.Contains("port") ? ReadsPort : form.Instruction == "CPUID" ? Identifies : Plain;
        }

        return kinds;
    }
}
