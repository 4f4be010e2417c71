using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

internal sealed unsafe partial class X86GeneratedVcpu
{
    private static readonly int s_interruptTrap = X86Metadata.Instance.Trap("INTERRUPT");

    private bool _isDelivering;
    private bool _hasBoundary;
    private long _boundaryAt;
    private BoundaryState _boundary;

    /// <inheritdoc/>
    public bool InterruptFlag => _s->EFLAGS_IF != 0;

    /// <inheritdoc/>
    public bool IsWindowOpen => _s->EFLAGS_IF != 0 && (_s->shadow | _s->shadow_ss) == 0 && !IsEventDue && QueuedInterrupt < 0;

    /// <summary>Whether something else than an external interrupt comes before the next instruction.</summary>
    private bool IsEventDue => (_s->stepping | _s->debug_due | _s->deferred_vector) != 0 || _s->pending_db != 0 || (_s->NMI_PENDING != 0 && _s->NMI_BLOCKED == 0);

    /// <summary>Delivers a trap. When that touches memory that is not there it has not happened, and the run ends.</summary>
    public override void OnTrap(CpuHeader* h, int trap, ulong a, ulong b)
    {
        _hasBoundary = false;
        if (IsFetchFailure(trap, a))
        {
            return;
        }

        SaveState();
        _isDelivering = true;
        X86Isa.OnTrap(h, trap, a, b);
        _isDelivering = false;
        if (_deliveryFailed)
        {
            RestoreState();
            h->Trap = 0;
            X86Isa.RecomputeDerived(h);
        }
    }

    /// <summary>Between instructions: the queued interrupt, the window, then what the spec looks at.</summary>
    public override void OnBoundary(CpuHeader* h)
    {
        var s = _s;
        if (QueuedInterrupt >= 0 && !IsCompleting)
        {
            // It was accepted when it was queued, whatever holds interrupts back now.
            h->Trap = (uint)s_interruptTrap + 1;
            h->TrapA = (ulong)QueuedInterrupt;
            QueuedInterrupt = -1;
            s->shadow = s->shadow_ss = 0;
            _hasBoundary = false;
            return;
        }

        if (_untilWindow && s->HALTED == 0 && IsWindowOpen)
        {
            _windowOpen = true;
            return;
        }

        _boundary = new BoundaryState(s);
        _boundaryAt = Cpu.Instructions;
        _hasBoundary = true;

        // The pin only has this called; and an instruction that waits for its data has been begun, so that no event comes before it.
        s->INTR = 0;
        var nmi = s->NMI_PENDING;
        if (IsCompleting)
        {
            s->NMI_PENDING = 0;
        }

        X86Isa.OnBoundary(h);
        if (IsCompleting)
        {
            s->NMI_PENDING = nmi;
        }

        if (h->Trap != 0)
        {
            _hasBoundary = false;
        }

        if (_untilWindow)
        {
            s->INTR = 1;
            h->Attention |= s->EFLAGS_IF;
        }
    }

    private void FailDelivery()
    {
        _deliveryFailed = true;
        Cpu.Stop();
    }

    /// <inheritdoc/>
    private protected override void UndoBoundary()
    {
        if (_hasBoundary && _boundaryAt == Cpu.Instructions)
        {
            _boundary.Restore(_s);
        }

        _hasBoundary = false;
        Cpu.StateChanged();
    }
}
