using Emulator.Machines;

namespace Emulator.Cli.Tests;

/// <summary>Text screens for tests.</summary>
internal static class TestScreens
{
    private const int TextMemory = 0x18000;

    /// <summary>A screen of 80 by 25 blanks but for some cells: character in the low byte, attribute in the high byte.</summary>
    public static TextScreen Show(params ReadOnlySpan<(int Index, int Cell)> cells)
    {
        var vga = new VgaAdapter(new StoppedClock());
        foreach (var (index, cell) in cells)
        {
            vga.Memory.Write((ulong)(TextMemory + (index * 2)), 1, (ulong)(cell & 0xFF));
            vga.Memory.Write((ulong)(TextMemory + (index * 2) + 1), 1, (ulong)(cell >> 8));
        }

        return vga.Text!;
    }
}
