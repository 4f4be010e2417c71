using System.Text;

namespace Emulator.Machines;

/// <summary>What a text mode shows: characters of code page 437 with attributes, and the cursor.</summary>
public sealed class TextScreen
{
    private const int MostColumns = 256, MostRows = 128;

    private readonly byte[] _characters;
    private readonly byte[] _attributes;

    private TextScreen(int columns, int rows)
    {
        Columns = columns;
        Rows = rows;
        _characters = new byte[columns * rows];
        _attributes = new byte[columns * rows];
    }

    /// <summary>Characters per row.</summary>
    public int Columns { get; }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Column of the cursor, or -1 when it is hidden or outside.</summary>
    public int CursorColumn { get; private set; } = -1;

    /// <summary>Row of the cursor, or -1 when it is hidden or outside.</summary>
    public int CursorRow { get; private set; } = -1;

    /// <summary>The character at a place as Unicode.</summary>
    public char Character(int column, int row) => CodePage437.ToChar(_characters[(row * Columns) + column]);

    /// <summary>The attribute at a place: bits 0 to 3 foreground, 4 to 6 background, 7 blinking (or bright background).</summary>
    public byte Attribute(int column, int row) => _attributes[(row * Columns) + column];

    /// <summary>One row without the blanks at its end.</summary>
    public string Line(int row)
    {
        var line = new StringBuilder(Columns);
        for (int column = 0; column < Columns; column++)
            line.Append(Character(column, row));
        return line.ToString().TrimEnd();
    }

    /// <summary>All rows, each ended by a line feed, without the empty ones at the end.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        int last = Rows - 1;
        while (last >= 0 && Line(last).Length == 0)
            last--;
        for (int row = 0; row <= last; row++)
            text.Append(Line(row)).Append('\n');
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => ToText();

    internal static TextScreen Capture(VgaRegisters registers, uint[] planes)
    {
        byte[] crtc = registers.Crtc;
        int columns = Math.Min(crtc[0x01] + 1, MostColumns);
        int lines = (crtc[0x12] | ((crtc[0x07] & 0x02) << 7) | ((crtc[0x07] & 0x40) << 3)) + 1;
        int rows = Math.Clamp(lines / ((crtc[0x09] & 0x1F) + 1), 1, MostRows);
        int start = (crtc[0x0C] << 8) | crtc[0x0D];
        int pitch = crtc[0x13] * 2;
        bool wordMode = (crtc[0x17] & 0x40) == 0;

        var screen = new TextScreen(columns, rows);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int address = start + (row * pitch) + column;
                uint cell = planes[(wordMode ? address << 1 : address) & (VgaMemory.PlaneSize - 1)];
                screen._characters[(row * columns) + column] = (byte)cell;
                screen._attributes[(row * columns) + column] = (byte)(cell >> 8);
            }
        }

        int cursor = ((crtc[0x0E] << 8) | crtc[0x0F]) - start;
        bool visible = (crtc[0x0A] & 0x20) == 0 && cursor >= 0 && pitch > 0;
        if (visible && cursor / pitch < rows && cursor % pitch < columns)
        {
            screen.CursorColumn = cursor % pitch;
            screen.CursorRow = cursor / pitch;
        }

        return screen;
    }
}
