using System.Globalization;
using System.Text;

namespace Emulator.Testing;

/// <summary>Bytes as text, in the manner of a debugger.</summary>
internal static class MemoryDump
{
    private const int Row = 16;

    /// <summary>A heading, then 16 bytes per line; runs of zero rows are left out.</summary>
    public static void Append(StringBuilder text, MemoryWindow window, byte[] bytes)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n== memory {window.Address:x8}, {window.Length} bytes\n");
        for (int at = 0; at < bytes.Length; at += Row)
        {
            ReadOnlySpan<byte> row = bytes.AsSpan(at, Math.Min(Row, bytes.Length - at));
            if (row.IndexOfAnyExcept((byte)0) < 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{window.Address + (ulong)at:x8} ");
            AppendBytes(text, row);
            text.Append('\n');
        }
    }

    /// <summary>One line per run of changed bytes: <c>[address] before -&gt; after</c>.</summary>
    public static void AppendDifferences(StringBuilder text, MemoryWindow window, byte[] before, byte[] after)
    {
        for (int at = 0; at < before.Length; at++)
        {
            if (before[at] == after[at])
                continue;
            int end = at + 1;
            while (end < before.Length && before[end] != after[end] && end - at < Row)
                end++;
            text.Append(CultureInfo.InvariantCulture, $"    [{window.Address + (ulong)at:x8}]");
            AppendBytes(text, before.AsSpan(at, end - at));
            text.Append(" ->");
            AppendBytes(text, after.AsSpan(at, end - at));
            text.Append('\n');
            at = end;
        }
    }

    private static void AppendBytes(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            text.Append(' ').Append(b.ToString("x2", CultureInfo.InvariantCulture));
    }
}
