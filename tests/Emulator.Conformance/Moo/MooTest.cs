namespace Emulator.Conformance.Moo;

/// <summary>One vector: a state, one instruction, the changes after it.</summary>
/// <param name="Index">Number in the full set.</param>
/// <param name="Name">Disassembly.</param>
/// <param name="Bytes">Instruction bytes, with the HLT behind it.</param>
/// <param name="Initial">Complete state before.</param>
/// <param name="Final">Changes.</param>
/// <param name="Exception">Vector and physical address of the pushed FLAGS, when an exception was taken.</param>
/// <param name="Hash">Identity, in lower-case hex.</param>
internal sealed record MooTest(
    uint Index, string Name, byte[] Bytes, MooState Initial, MooState Final, (byte Vector, uint FlagsAddress)? Exception, string Hash)
{
    /// <summary>The instruction without the HLT that ends every test.</summary>
    public ReadOnlySpan<byte> Instruction => Bytes is [.., 0xF4] ? Bytes.AsSpan(0, Bytes.Length - 1) : Bytes;

    /// <summary>Number of prefix bytes, and whether one of them is LOCK.</summary>
    public (int Count, bool Lock) Prefixes()
    {
        int count = 0;
        bool locked = false;
        foreach (byte b in Instruction)
        {
            if (b is not (0x26 or 0x2E or 0x36 or 0x3E or 0xF0 or 0xF2 or 0xF3))
                break;
            count++;
            locked |= b == 0xF0;
        }

        return (count, locked);
    }
}
