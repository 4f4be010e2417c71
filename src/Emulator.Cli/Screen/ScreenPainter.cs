using System.Text;
using Emulator.Machines;

namespace Emulator.Cli.Screen;

/// <summary>Turns screens into terminal control sequences (ECMA-48), writing only the rows that changed.</summary>
internal sealed class ScreenPainter
{
    private const string Escape = "\u001b[";

    /// <summary>VGA counts colours blue, green, red; terminals red, green, blue.</summary>
    private static readonly int[] Colors = [0, 4, 2, 6, 1, 5, 3, 7];

    private int columns;
    private string[] shown = [];

    /// <summary>The control sequences that bring the terminal from the screen painted last to this one.</summary>
    public string Paint(TextScreen screen)
    {
        var text = new StringBuilder();
        if (shown.Length != screen.Rows || columns != screen.Columns)
        {
            text.Append(Escape).Append("0m").Append(Escape).Append("2J");
            shown = new string[screen.Rows];
            columns = screen.Columns;
        }

        for (var row = 0; row < screen.Rows; row++)
        {
            var line = PaintRow(screen, row);
            if (line != shown[row])
            {
                text.Append(line);
                shown[row] = line;
            }
        }

        if (screen.CursorRow >= 0)
        {
            text.Append(MoveTo(screen.CursorRow, screen.CursorColumn)).Append(Escape).Append("?25h");
        }
        else
        {
            text.Append(Escape).Append("?25l");
        }

        return text.ToString();
    }

    private static string PaintRow(TextScreen screen, int row)
    {
        var text = new StringBuilder(MoveTo(row, 0));
        var attribute = -1;
        for (var column = 0; column < screen.Columns; column++)
        {
            if (screen.Attribute(column, row) != attribute)
            {
                attribute = screen.Attribute(column, row);
                var foreground = ((attribute & 8) != 0 ? 90 : 30) + Colors[attribute & 7];
                var background = 40 + Colors[(attribute >> 4) & 7];
                text.Append(Escape).Append($"{foreground};{background}m");
            }

            text.Append(screen.Character(column, row));
        }

        return text.Append(Escape).Append("0m").ToString();
    }

    private static string MoveTo(int row, int column) => $"{Escape}{row + 1};{column + 1}H";
}
