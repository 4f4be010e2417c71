using System.Text;

namespace Emulator.Isa.Emit;

/// <summary>
/// A <c>#line</c> directive gives the next line its number, and counts on from there. What is generated for one line of a spec may take several: each of them gets
/// the number again.
/// </summary>
internal static class LineDirectives
{
    public static EmittedFile Pin(EmittedFile file) => file.Text.Contains("#line ") ? file with { Text = Pin(file.Text) } : file;

    private static string Pin(string text)
    {
        var result = new StringBuilder(text.Length * 2);
        string? current = null;
        bool given = false;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("#line ", StringComparison.Ordinal))
            {
                current = line == "#line hidden" ? null : line;
                given = true;
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                if (current is not null && !given) result.Append(current).Append('\n');
                given = false;
            }
            result.Append(line).Append('\n');
        }
        return result.ToString(0, result.Length - 1);
    }
}
