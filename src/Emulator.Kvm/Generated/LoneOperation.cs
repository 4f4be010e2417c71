using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>Carries out operations outside a block.</summary>
internal static unsafe class LoneOperation
{
    /// <summary>Carries out one operation by a handler generated for it, and comes back whatever follows it in its block.</summary>
    /// <returns>False when it was left: a trap, or a suspended repetition.</returns>
    public static bool CarryOut(CpuHeader* h, DecodedOp* op, delegate*<CpuHeader*, DecodedOp*, DecodedOp*> handler)
    {
        var alone = stackalloc DecodedOp[2];
        alone[0] = *op;
        alone[1] = default;
        alone[1].Handler = &Done;
        for (var next = handler(h, alone); next != null;)
        {
            next = next->Handler(h, next);
        }

        if (h->TrapOp == null)
        {
            return true;
        }

        h->TrapOp = op;
        return false;
    }

    private static DecodedOp* Done(CpuHeader* h, DecodedOp* op) => null;
}
