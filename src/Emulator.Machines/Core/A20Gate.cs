namespace Emulator.Machines;

/// <summary>Address line 20: on when either the keyboard controller or port 92 asks for it.</summary>
public sealed class A20Gate : ISnapshotPart
{
    private readonly Action<bool> _changed;
    private bool _keyboard = true, _fast; // the 8042's port pins are high after reset

    /// <summary>Creates the gate, open as after power-on.</summary>
    /// <param name="changed">Told every change of <see cref="Enabled"/>.</param>
    public A20Gate(Action<bool> changed) => _changed = changed;

    /// <inheritdoc/>
    public string PartName => "a20";

    /// <summary>True when address bit 20 reaches memory.</summary>
    public bool Enabled => _keyboard || _fast;

    /// <summary>The keyboard controller's request (output port bit 1).</summary>
    public bool Keyboard
    {
        get => _keyboard;
        set => Change(value, _fast);
    }

    /// <summary>The request of port 92 bit 1.</summary>
    public bool Fast
    {
        get => _fast;
        set => Change(_keyboard, value);
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        bool keyboard = _keyboard, fast = _fast;
        s.Value(ref keyboard);
        s.Value(ref fast);
        if (s.IsLoading)
            Change(keyboard, fast);
    }

    private void Change(bool keyboard, bool fast)
    {
        bool before = Enabled;
        _keyboard = keyboard;
        _fast = fast;
        if (Enabled != before)
            _changed(Enabled);
    }
}
