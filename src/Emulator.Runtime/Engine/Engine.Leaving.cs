namespace Emulator.Runtime;

public sealed unsafe partial class Engine<TIsa>
{
    /// <summary>A block of <paramref name="count"/> instructions was left at <see cref="CpuHeader.TrapOp"/>: settles the count and does what it was left for.</summary>
    private void LeaveBlock(long count)
    {
        var h = _h;
        var op = h->TrapOp;
        var unstarted = count - op->Index;
        h->TrapOp = null;
        _context.DevicesAllowed = true;
        if (h->Trap == 0)
        {
            // Dropped (the leave handler stored the pc) or suspended: in both cases the instruction starts again, and counts then.
            h->Remaining += unstarted;
            if (h->Suspended != 0)
            {
                h->Suspended = 0;
                TIsa.SetPc(h, op->Pc);
            }
        }
        else if (_exits != null)
        {
            h->Remaining += unstarted;
            Exit(h->Trap switch { CpuContext.RetryAlone => VmExitKind.Device, CpuContext.Intercepted => VmExitKind.Intercept, _ => VmExitKind.Trap }, op);
        }
        else if (h->Trap == CpuContext.RetryAlone)
        {
            h->Trap = 0;
            h->Suspended = 0;
            h->Remaining += unstarted;
            TIsa.SetPc(h, op->Pc);
            _alone = true;
        }
        else
        {
            h->Suspended = 0;
            h->Remaining += unstarted - 1;
            Deliver(op);
        }
    }

    /// <summary>Leaves to the monitor before the instruction.</summary>
    private void Exit(VmExitKind kind, DecodedOp* op)
    {
        var h = _h;
        _exits!.Set(kind, h, op);
        h->Trap = 0;
        h->Suspended = 0;
        if (op != null)
        {
            TIsa.SetPc(h, op->Pc);
        }

        _exited = true;
    }

    /// <summary>Delivers the pending trap and those raised meanwhile. The pc is set as the class of the first says when an operation raised it.</summary>
    private void Deliver(DecodedOp* op)
    {
        var h = _h;
        _context.DevicesAllowed = true;
        if (op != null)
        {
            var after = TIsa.ClassOf((int)h->Trap - 1) == TrapClass.Trap;
            TIsa.SetPc(h, after ? (op->Pc + op->Length) & _pcMask : op->Pc);
        }

        for (var nested = 0; h->Trap != 0; nested++)
        {
            var (trap, a, b) = ((int)h->Trap - 1, h->TrapA, h->TrapB);
            h->Trap = 0;
            if (nested == MaxNestedTraps)
            {
                _trapStorm = true;
                return;
            }

            Count(trap);
            Observer?.OnTrap(h, trap, a, b);
            TIsa.OnTrap(h, trap, a, b);
            h->TrapOp = null;
        }
    }

    private void Count(int trap)
    {
        if (trap >= _trapCounts.Length)
        {
            Array.Resize(ref _trapCounts, Math.Max(trap + 1, 2 * _trapCounts.Length));
        }

        _trapCounts[trap]++;
    }
}
