namespace Emulator.Kvm;

/// <summary>Who of a VM's vCPUs and calls has the machine: one at a time, in the order they came.</summary>
internal sealed class Turns
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Turn> _waiting = [];
    private bool _taken;
    private volatile int _count;

    /// <summary>Whether somebody waits.</summary>
    public bool IsWanted => _count != 0;

    /// <summary>Waits for the machine. False when <see cref="Cancel"/> ended the wait.</summary>
    public bool Enter(Turn turn)
    {
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return true;
            }

            turn.Granted = false;
            turn.Ended.Reset();
            _waiting.AddLast(turn.Node);
            _count++;
        }

        turn.Ended.Wait();
        return turn.Granted;
    }

    /// <summary>Gives the machine to whoever has waited longest.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                _count--;
                first.Value.Granted = true;
                first.Value.Ended.Set();
            }
            else
            {
                _taken = false;
            }
        }
    }

    /// <summary>Ends the wait of a turn, if it waits; from any thread.</summary>
    public void Cancel(Turn turn)
    {
        lock (_lock)
        {
            if (turn.Node.List != null)
            {
                _waiting.Remove(turn.Node);
                _count--;
                turn.Ended.Set();
            }
        }
    }
}
