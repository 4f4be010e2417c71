using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

internal sealed unsafe partial class GeneratedVcpu
{
    private const uint Fetch = 2; // the kind of access of Translate

    // The argument of a machine check that stands for a fetch from where no memory is; the real one has none.
    private const ulong NoMemory = 0x4E6F_4D65_6D6F_7279;

    private static readonly int s_interruptTrap = TrapNamed("INTERRUPT");
    private static readonly int s_machineCheck = TrapNamed("MC");
    private static readonly int s_fetchMemory = X86Isa.FetchMemory;

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

    /// <summary>Translates; a fetch must lead to memory.</summary>
    public ulong Translate(CpuHeader* h, int memory, ulong address, uint access, int mode)
    {
        _walking++;
        var physical = X86Isa.Translate(h, memory, address, access, mode);
        _walking--;
        if (access == Fetch && memory == s_fetchMemory && h->Trap == 0 && !_machine.Memory.TryGetHostPage(physical, write: false, out _))
        {
            h->Trap = (uint)s_machineCheck + 1;
            h->TrapA = NoMemory;
        }

        return physical;
    }

    /// <summary>Delivers a trap. When that touches memory that is not there it has not happened, and the run ends.</summary>
    public void OnTrap(CpuHeader* h, int trap, ulong a, ulong b)
    {
        _hasBoundary = false;
        if (trap == s_machineCheck && a == NoMemory)
        {
            _fetchFailed = true;
            _cpu.Stop();
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
    public void OnBoundary(CpuHeader* h)
    {
        var s = _s;
        if (QueuedInterrupt >= 0 && !_completing)
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
        _boundaryAt = _cpu.Instructions;
        _hasBoundary = true;

        // The pin only has this called; and an instruction that waits for its data has been begun, so that no event comes before it.
        s->INTR = 0;
        var nmi = s->NMI_PENDING;
        if (_completing)
        {
            s->NMI_PENDING = 0;
        }

        X86Isa.OnBoundary(h);
        if (_completing)
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

    private static int TrapNamed(string name)
    {
        var traps = X86Metadata.Instance.Traps;
        for (var i = 0; i < traps.Count; i++)
        {
            if (traps[i].Name == name)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"isa/x86 has no trap {name}");
    }

    private void FailDelivery()
    {
        _deliveryFailed = true;
        _cpu.Stop();
    }

    /// <summary>The instruction at hand was undone: so is what was done directly before it.</summary>
    private void RestoreBoundary()
    {
        if (_hasBoundary && _boundaryAt == _cpu.Instructions)
        {
            _boundary.Restore(_s);
        }

        _hasBoundary = false;
        _cpu.StateChanged();
    }
}
