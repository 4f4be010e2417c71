namespace Emulator.Machines;

/// <summary>Address line 20, which the keyboard controller and port 92 both drive: the one written last decides, as guests that use only one of them expect.</summary>
public sealed class A20Gate : ISnapshotPart
{
    private readonly Action<bool> _changed;
    private bool _enabled = true, _keyboard = true, _fast; // the 8042's port pins are high after reset

    /// <summary>Creates the gate, open as after power-on.</summary>
    /// <param name="changed">Told every change of <see cref="Enabled"/>.</param>
    public A20Gate(Action<bool> changed) => _changed = changed;

    /// <inheritdoc/>
    public string PartName => "a20";

    /// <summary>True when address bit 20 reaches memory.</summary>
    public bool Enabled => _enabled;

    /// <summary>The keyboard controller's output port bit 1.</summary>
    public bool Keyboard
    {
        get => _keyboard;
        set
        {
            _keyboard = value;
            Change(value);
        }
    }

    /// <summary>Bit 1 of port 92.</summary>
    public bool Fast
    {
        get => _fast;
        set
        {
            _fast = value;
            Change(value);
        }
    }

    /// <summary>Opens the gate, as every reset of the processor does: its first instruction lies below 4 GB.</summary>
    public void Reset()
    {
        _keyboard = true;
        _fast = false;
        Change(true);
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        bool enabled = _enabled;
        s.Value(ref enabled);
        s.Value(ref _keyboard);
        s.Value(ref _fast);
        if (s.IsLoading)
            Change(enabled);
    }

    private void Change(bool enabled)
    {
        if (enabled == _enabled)
            return;
        _enabled = enabled;
        _changed(enabled);
    }
}
