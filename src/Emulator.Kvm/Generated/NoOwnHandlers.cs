using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>No handlers: every instruction is the generated one.</summary>
internal readonly unsafe struct NoOwnHandlers : IOwnHandlers
{
    public static delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Of(int variant) => null;
}
