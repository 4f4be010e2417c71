using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>Handlers a client needs in place of generated ones, for the instructions that reach it in other ways than through memory and traps.</summary>
internal unsafe interface IOwnHandlers
{
    /// <summary>The handler for operations of a variant; null where the generated one will do.</summary>
    static abstract delegate*<CpuHeader*, DecodedOp*, DecodedOp*> Of(int variant);
}
