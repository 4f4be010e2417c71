using System.Text.RegularExpressions;
using Emulator.RiscV;

namespace Emulator.Machines.Tests.Virt;

/// <summary>Small programs, assembled with the assembler that is generated from the description; <c>name:</c> is a label, <c>{name}</c> its address.</summary>
internal static partial class RiscvCode
{
    private const int Passes = 8;

    /// <summary>Assembles a program for an address.</summary>
    public static byte[] Assemble(int xlen, ulong origin, params string[] lines)
    {
        var labels = new Dictionary<string, ulong>();
        for (int pass = 0; ; pass++)
        {
            var code = new List<byte>();
            var found = new Dictionary<string, ulong>();
            foreach (string line in lines)
            {
                ulong pc = origin + (ulong)code.Count;
                if (line.EndsWith(':'))
                    found[line[..^1]] = pc;
                else
                    code.AddRange(One(xlen, pc, Label().Replace(line, m => $"0x{labels.GetValueOrDefault(m.Groups[1].Value, pc):x}")));
            }

            // Lengths depend on distances: assemble until no label moves.
            if (found.Count == labels.Count && found.All(l => labels.TryGetValue(l.Key, out ulong old) && old == l.Value))
                return [.. code];
            Assert.True(pass < Passes, "the labels do not settle");
            labels = found;
        }
    }

    private static byte[] One(int xlen, ulong pc, string text)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool done = xlen == 64
            ? Rv64Assembler.TryAssemble(default, pc, text, bytes, out int length, out string error)
            : Rv32Assembler.TryAssemble(default, pc, text, bytes, out length, out error);
        Assert.True(done, $"{text}: {error}");
        return bytes[..length].ToArray();
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Label();
}
