namespace Emulator.Kvm;

/// <summary>Numbers of the segment registers in the state (isa/x86/state.isa).</summary>
internal static class Segment
{
    public const int Es = 0, Cs = 1, Ss = 2, Ds = 3, Fs = 4, Gs = 5, Ldtr = 6, Tr = 7;
}
