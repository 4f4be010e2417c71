namespace Emulator.Machines;

/// <summary>A wire with one driver and one listener: an interrupt request, a gate, the INTR pin.</summary>
public sealed class Signal
{
    private Action<bool>? _listener;

    /// <summary>The level driven last.</summary>
    public bool Level { get; private set; }

    /// <summary>Connects the listener, which is told every change from now on.</summary>
    public void Connect(Action<bool> listener) => _listener = listener;

    /// <summary>Drives the wire; the listener hears changes only.</summary>
    public void Set(bool level)
    {
        if (level == Level)
            return;
        Level = level;
        _listener?.Invoke(level);
    }
}
