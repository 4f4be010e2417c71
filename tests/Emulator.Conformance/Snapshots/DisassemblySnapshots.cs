using System.Globalization;
using System.Text;

namespace Emulator.Conformance.Snapshots;

/// <summary>Disassembly of a whole guest program that stands in the repository as bytes.</summary>
public sealed class DisassemblySnapshots
{
    // A boot sector's first instructions, with data between them, as an assembler wrote them.
    private const string Code16 =
        "FA31C08ED88EC08ED0BC007CFBFC8816C07DA1B07D85C0743A83F8207603B82000A3927D2906B07DBE907D8A16C07DB442CD13721B";

    private const string Code32 =
        "5589E583EC18895DFC8B5D0885DB7E2B8D743B04F30F6FC00FB6440BFF0FAFC289048D00200000668B0466C1C80383C4F0E8F1FFFFFF"
        + "F00FB10F0FC7080FA2C8080001F3A4F2AE2EFF24850010000064A10000000067668B470490C3";

    [Theory]
    [InlineData(16, Code16)]
    [InlineData(32, Code32)]
    public Task Code(int bits, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var text = new StringBuilder();
        for (int at = 0; at < bytes.Length;)
        {
            byte[] rest = new byte[Sweep.SweepCase.Size];
            int available = Math.Min(rest.Length, bytes.Length - at);
            bytes.AsSpan(at, available).CopyTo(rest);
            bool valid = Sweep.FirstOpinion.Decode(bits, rest, (uint)at, out var instruction);
            int length = valid ? instruction.Length : 1;
            text.Append(CultureInfo.InvariantCulture, $"{at:x4}: {Convert.ToHexStringLower(rest.AsSpan(0, length)),-24} {(valid ? Sweep.FirstOpinion.Format(instruction) : "db")}\n");
            at += length;
        }

        return Verifier.Verify(text.ToString()).UseTextForParameters(bits.ToString(CultureInfo.InvariantCulture));
    }
}
