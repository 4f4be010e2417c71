using Iced.Intel;

namespace Emulator.Isa.Decoding.Tests;

/// <summary>The second opinion: Iced on every opcode, ModRM byte and a choice of prefixes, in 16- and 32-bit code.</summary>
public sealed class X86AgainstIcedTests
{
    private static readonly byte[][] Prefixes = [[], [0x66], [0xF3], [0xF2], [0x67], [0xF0], [0x2E], [0x66, 0x67], [0x66, 0xF3], [0xF2, 0xF0]];

    /// <summary>The reserved no-operations at 0F 0D are AMD's.</summary>
    private static readonly Code[] Absent = [Code.Reservednop_rm16_r16_0F0D, Code.Reservednop_rm32_r32_0F0D];

    /// <summary>
    /// Lengths agree wherever both find an instruction; ours finds none where Iced does not; and where only Iced finds one, it belongs to an extension of
    /// which ours has nothing.
    /// </summary>
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void AgreesWithIced(int bits)
    {
        var ours = GeneratedDecoder.X86;
        ours.Mode(("osz", (byte)bits), ("asz", (byte)bits), ("ssz", (byte)bits));
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        var common = new HashSet<CpuidFeature>();
        var absent = new Dictionary<Code, string>();
        foreach (byte[] buffer in Encodings())
        {
            Decoder.Create(bits, new ByteArrayCodeReader(buffer), DecoderOptions.ForceReservedNop).Decode(out Instruction theirs);
            int length = ours.Probe.Decode(buffer, 0);
            string bytes = Convert.ToHexString(buffer, 0, 12);
            if (theirs.IsInvalid)
            {
                if (length > 0) wrong.Add($"{bytes}: only ours, {ours.Model.Decode.Forms[ours.Probe.Form].Instruction.Name}");
            }
            else if (length < 0) absent.TryAdd(theirs.Code, bytes);
            else
            {
                common.UnionWith(theirs.CpuidFeatures);
                if (length != theirs.Length) wrong.Add($"{bytes}: {length} bytes {ours.Model.Decode.Forms[ours.Probe.Form].Instruction.Name}, {theirs.Length} bytes {theirs.Code}");
            }
        }
        foreach (var (code, bytes) in absent.Where(a => a.Key.CpuidFeatures().All(common.Contains) && !Absent.Contains(a.Key))) wrong.Add($"{bytes}: only theirs, {code}");
        Assert.Contains(CpuidFeature.SSE2, common);
        Assert.Empty(wrong.Take(20));
    }

    /// <summary>Of an instruction's first bytes the decoder asks for more; where it rejects, no bytes that follow could have helped.</summary>
    [Fact]
    public void AsksForWhatIsMissing()
    {
        var ours = GeneratedDecoder.X86;
        ours.Mode(("osz", 32), ("asz", 32), ("ssz", 32));
        var wrong = new List<string>();
        int number = 0;
        foreach (byte[] buffer in Encodings())
        {
            if (number++ % 7 != 0) continue;
            int length = ours.Probe.Decode(buffer, 0);
            for (int available = 0; available < 16; available++)
            {
                int partial = ours.Probe.Decode(buffer.AsSpan(0, available), 0);
                bool right = length > 0 ? partial == (available < length ? 0 : length) : partial <= 0;
                if (!right) wrong.Add($"{Convert.ToHexString(buffer, 0, available)}: {partial}, whole {length}");
            }
        }
        Assert.Empty(wrong.Take(20));
    }

    private static IEnumerable<byte[]> Encodings()
    {
        var random = new Random(7);
        byte[] buffer = new byte[24];
        foreach (byte[] prefix in Prefixes)
        foreach (bool two in new[] { false, true })
        for (int opcode = 0; opcode < 256; opcode++)
        for (int modrm = 0; modrm < 256; modrm++)
        {
            random.NextBytes(buffer);
            prefix.CopyTo(buffer, 0);
            int at = prefix.Length;
            if (two) buffer[at++] = 0x0F;
            buffer[at++] = (byte)opcode;
            buffer[at] = (byte)modrm;
            yield return buffer;
        }
    }
}
