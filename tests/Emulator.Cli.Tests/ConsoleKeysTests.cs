using Emulator.Cli.Boot;
using Emulator.Machines;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>Keys of the terminal as scan codes.</summary>
public sealed class ConsoleKeysTests
{
    private const ConsoleModifiers None = default;

    [Theory]
    [InlineData('a', ConsoleKey.A, None, 2)]
    [InlineData('A', ConsoleKey.A, ConsoleModifiers.Shift, 4)]
    [InlineData('\u0003', ConsoleKey.C, ConsoleModifiers.Control, 4)]
    [InlineData('\r', ConsoleKey.Enter, None, 2)]
    [InlineData('\u007f', ConsoleKey.Backspace, None, 2)]
    [InlineData('\0', ConsoleKey.UpArrow, None, 2)]
    [InlineData('\0', ConsoleKey.Delete, ConsoleModifiers.Control | ConsoleModifiers.Alt, 6)]
    [InlineData('\0', ConsoleKey.F12, None, 2)]
    [InlineData('\u00e9', ConsoleKey.None, None, 0)] // not on a US keyboard
    public void Keys_are_pressed_and_released(char character, ConsoleKey key, ConsoleModifiers modifiers, int events)
    {
        var keyboard = new Ps2Keyboard(new StoppedClock());
        ConsoleKeys.Type(keyboard, new ConsoleKeyInfo(character, key, modifiers.HasFlag(ConsoleModifiers.Shift), modifiers.HasFlag(ConsoleModifiers.Alt), modifiers.HasFlag(ConsoleModifiers.Control)));
        Assert.Equal(events, keyboard.PendingKeys);
    }
}
