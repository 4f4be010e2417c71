using System.Text.RegularExpressions;

namespace Emulator.Testing.RiscV;

/// <summary>Small programs, assembled with the assembler that is generated from the description; <c>name:</c> is a label, <c>{name}</c> its address.</summary>
public static partial class RiscvCode
{
    private const int Passes = 8;

    /// <summary>Assembles a program for an address.</summary>
    /// <exception cref="InvalidOperationException">A line is no instruction.</exception>
    public static byte[] Assemble(int xlen, ulong origin, params string[] lines)
    {
        var width = RiscvWidth.Of(xlen);
        var labels = new Dictionary<string, ulong>();
        for (int pass = 0; ; pass++)
        {
            var code = new List<byte>();
            var found = new Dictionary<string, ulong>();
            foreach (string line in lines)
            {
                ulong pc = origin + (ulong)code.Count;
                if (line.EndsWith(':'))
                {
                    found[line[..^1]] = pc;
                    continue;
                }

                string text = Label().Replace(line, m => $"0x{labels.GetValueOrDefault(m.Groups[1].Value, pc):x}");
                code.AddRange(width.Assemble(text, pc, out string error) ?? throw new InvalidOperationException($"{text}: {error}"));
            }

            // Lengths depend on distances: assemble until no label moves.
            if (found.Count == labels.Count && found.All(l => labels.TryGetValue(l.Key, out ulong old) && old == l.Value))
                return [.. code];
            if (pass == Passes)
                throw new InvalidOperationException("the labels do not settle");
            labels = found;
        }
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Label();
}
