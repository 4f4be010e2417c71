using System.Globalization;
using System.Text;
using Emulator.Conformance.Sweep;

namespace Emulator.Conformance.Snapshots;

/// <summary>The decode tables as approved text: what every opcode of both maps is, in 32-bit and in 16-bit code.</summary>
public sealed class DecodeTableSnapshots
{
    private const uint Ip = 0x1000;

    [Theory]
    [InlineData(32, "-")]
    [InlineData(32, "66")]
    [InlineData(32, "F3")]
    [InlineData(16, "-")]
    public Task Opcodes(int bits, string prefix)
    {
        var text = new StringBuilder();
        foreach (int opcode in Encodings.Opcodes)
        {
            string? register = null;
            foreach (SweepCase @case in Encodings.Of(opcode).Where(c => c.Bits == bits && c.Prefix == prefix && (c.ModRm & 0xC7) is 0x43 or 0xC3))
            {
                bool valid = FirstOpinion.Decode(bits, @case.Bytes, Ip, out var instruction);
                string line = valid ? string.Create(CultureInfo.InvariantCulture, $"{instruction.Length,2} {FirstOpinion.Format(instruction)}") : "-";

                // Opcodes without ModRM say the same eight times.
                if (line == register)
                    continue;
                register = line;
                text.Append(CultureInfo.InvariantCulture, $"{@case.OpcodeText,-5} {@case.ModRm:X2}  {line}\n");
            }
        }

        return Verifier.Verify(text.ToString()).UseTextForParameters($"{bits}_{prefix.Replace("-", "plain", StringComparison.Ordinal)}");
    }
}
