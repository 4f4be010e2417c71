using System.Globalization;
using System.Text;
using Emulator.Conformance.Sweep;

namespace Emulator.Conformance.Snapshots;

/// <summary>The decode tables as approved text: what every opcode of both maps is, in 32-bit and in 16-bit code.</summary>
public sealed class DecodeTableSnapshots
{
    private const uint Ip = 0x1000;
    private static readonly byte[] Tail = [0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0x01, 0x02, 0x03];

    [Theory]
    [InlineData(32, "-")]
    [InlineData(32, "66")]
    [InlineData(32, "F3")]
    [InlineData(16, "-")]
    public Task Opcodes(int bits, string prefix)
    {
        byte[] prefixes = prefix == "-" ? [] : Convert.FromHexString(prefix);
        var text = new StringBuilder();
        foreach (int opcode in Encodings.Opcodes)
        {
            string last = "";
            foreach (int rm in (int[])[0x43, 0xC3])
            {
                string? mnemonic = null;
                for (int reg = 0; reg < 8; reg++)
                {
                    byte modrm = (byte)(rm | reg << 3);
                    byte[] bytes = [.. prefixes, .. opcode > 0xFF ? [(byte)0x0F] : Array.Empty<byte>(), (byte)opcode, modrm, .. Tail];
                    string line = FirstOpinion.Decode(bits, bytes, Ip, out var instruction) ? FirstOpinion.Format(instruction) : "-";

                    // The other registers are told apart only where ModRM.reg chooses the instruction.
                    string name = line.Split(' ')[0];
                    if (name == mnemonic || line == last)
                        continue;
                    mnemonic = name;
                    last = line;
                    text.Append(CultureInfo.InvariantCulture, $"{opcode:X2} {modrm:X2}: {line}\n");
                }
            }
        }

        return Verifier.Verify(text.ToString()).UseTextForParameters($"{bits}_{prefix.Replace("-", "plain", StringComparison.Ordinal)}");
    }
}
