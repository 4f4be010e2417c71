using Emulator.Machines;

namespace Emulator.Cli.Boot;

/// <summary>Keys of the terminal as keys of a PC.</summary>
internal static class ConsoleKeys
{
    private const ushort Extended = 0xE000, LeftControl = 0x1D, LeftAlt = 0x38, LeftShift = 0x2A;

    /// <summary>Presses and releases the key, with its modifiers.</summary>
    public static void Type(Ps2Keyboard keyboard, ConsoleKeyInfo key)
    {
        if (MakeCode(key.Key) is not { } code)
        {
            // Everything with a character: the keyboard finds the keys. Terminals send Backspace as DEL.
            keyboard.Type(key.KeyChar == '\u007f' ? "\b" : key.KeyChar.ToString());
            return;
        }

        var modifiers = new List<ushort>();
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
        {
            modifiers.Add(LeftControl);
        }

        if (key.Modifiers.HasFlag(ConsoleModifiers.Alt))
        {
            modifiers.Add(LeftAlt);
        }

        if (key.Modifiers.HasFlag(ConsoleModifiers.Shift))
        {
            modifiers.Add(LeftShift);
        }

        modifiers.ForEach(modifier => keyboard.Key(modifier, down: true));
        keyboard.Key(code, down: true);
        keyboard.Key(code, down: false);
        modifiers.ForEach(modifier => keyboard.Key(modifier, down: false));
    }

    /// <summary>Make code in scan code set 1 of keys without a character.</summary>
    private static ushort? MakeCode(ConsoleKey key) => key switch
    {
        ConsoleKey.UpArrow => Extended | 0x48,
        ConsoleKey.DownArrow => Extended | 0x50,
        ConsoleKey.LeftArrow => Extended | 0x4B,
        ConsoleKey.RightArrow => Extended | 0x4D,
        ConsoleKey.Home => Extended | 0x47,
        ConsoleKey.End => Extended | 0x4F,
        ConsoleKey.PageUp => Extended | 0x49,
        ConsoleKey.PageDown => Extended | 0x51,
        ConsoleKey.Insert => Extended | 0x52,
        ConsoleKey.Delete => Extended | 0x53,
        >= ConsoleKey.F1 and <= ConsoleKey.F10 => (ushort)(0x3B + (key - ConsoleKey.F1)),
        ConsoleKey.F11 => 0x57,
        ConsoleKey.F12 => 0x58,
        _ => null,
    };
}
