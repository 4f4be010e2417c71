using System.Buffers.Binary;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Finds instructions of every form with nothing but the generated decoder: so that a form added to the description is compared without being told here.</summary>
internal sealed class FormSampler
{
    private const ulong Pc = 0x8010_0000;
    private readonly RiscvWidth _width;

    public FormSampler(RiscvWidth width)
    {
        _width = width;
        var found = new Dictionary<int, FormSample>();
        for (uint word = 0; word < 0x10000; word++)
        {
            if ((word & 3) != 3)
                Try(found, word);
        }

        // Every opcode, function and second register field, with all ones and with mixed bits in the other fields.
        for (uint bits = 0; bits < 1 << 20; bits++)
        {
            uint major = ((bits & 0x1F) << 2) | 3, funct3 = (bits >> 5) & 7, high = bits >> 8;
            Try(found, (high << 20) | (0x0Bu << 15) | (funct3 << 12) | (0x0Du << 7) | major);
            Try(found, (high << 20) | (funct3 << 12) | major);
            Try(found, (high << 20) | (0x0Bu << 15) | (funct3 << 12) | major);
        }

        Samples = found;
    }

    /// <summary>The forms that were found, by index.</summary>
    public IReadOnlyDictionary<int, FormSample> Samples { get; }

    /// <summary>A random instruction of a form; null when chance made it another.</summary>
    public uint? Random(FormSample sample, Random random)
    {
        uint word = (sample.Example & ~sample.Free) | ((uint)random.NextInt64() & sample.Free);
        return FormOf(word) is { } found && found.Form == sample.Form ? word : null;
    }

    /// <summary>Bytes of an instruction.</summary>
    public static byte[] Bytes(uint word, int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        return bytes[..length];
    }

    private void Try(Dictionary<int, FormSample> found, uint word)
    {
        if (FormOf(word) is not { } decoded || found.ContainsKey(decoded.Form))
            return;
        uint free = 0;
        for (int bit = 0; bit < 8 * decoded.Length; bit++)
        {
            if (FormOf(word ^ (1u << bit)) is { } other && other == decoded)
                free |= 1u << bit;
        }

        found.Add(decoded.Form, new FormSample(decoded.Form, decoded.Length, word, free));
    }

    private (int Length, int Form)? FormOf(uint word)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        return _width.Decode(bytes, Pc);
    }
}
