using Emulator.X86;

namespace Emulator.Kvm;

/// <summary>What `on boundary` of isa/x86/boundary.isa changes when nothing is delivered: the states that last for one instruction.</summary>
internal readonly unsafe struct BoundaryState(X86State* s)
{
    private readonly byte _rf = s->EFLAGS_RF, _shadow = s->shadow, _shadowSs = s->shadow_ss, _stepping = s->stepping, _resumed = s->resumed, _repeating = s->repeating;
    private readonly byte _debugDue = s->debug_due;
    private readonly ushort _pendingDb = s->pending_db;

    /// <summary>Puts them back.</summary>
    public void Restore(X86State* s)
    {
        s->EFLAGS_RF = _rf;
        s->shadow = _shadow;
        s->shadow_ss = _shadowSs;
        s->stepping = _stepping;
        s->resumed = _resumed;
        s->repeating = _repeating;
        s->debug_due = _debugDue;
        s->pending_db = _pendingDb;
    }
}
