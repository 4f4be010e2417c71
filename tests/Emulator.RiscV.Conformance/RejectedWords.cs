using System.Numerics;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Bytes that decoding rejects: all of 16 bits, and random ones of 32 bits that look like instructions or like nothing.</summary>
internal sealed class RejectedWords
{
    private readonly RiscvWidth _width;
    private readonly Random _random;
    private readonly FormSample[] _samples;
    private readonly Queue<uint> _compressed = new();

    public RejectedWords(RiscvWidth width, FormSampler sampler, int seed)
    {
        (_width, _random) = (width, new Random(seed));
        _samples = [.. sampler.Samples.Values.Where(s => s.Length == 4).OrderBy(s => s.Form)];
        for (uint word = 0; word < 0x10000; word++)
        {
            if ((word & 3) != 3 && IsRejected(word, 2))
                _compressed.Enqueue(word);
        }
    }

    /// <summary>The next word as a block of its own.</summary>
    public Block Next(ulong address)
    {
        if (_compressed.TryDequeue(out uint word))
            return Of(address, word, 2);
        do
        {
            // A valid instruction with some of its fixed bits changed, or any word at all.
            FormSample sample = _samples[_random.Next(_samples.Length)];
            uint other = (uint)_random.NextInt64() & (uint)_random.NextInt64() & (uint)_random.NextInt64() & ~sample.Free;
            word = (_random.Next(4) == 0 ? (uint)_random.NextInt64() : (sample.Example ^ other) ^ ((uint)_random.NextInt64() & sample.Free)) | 3;
        }
        while (BitOperations.PopCount(word & 0x1F) == 5 || !IsRejected(word, 4)); // longer encodings than 32 bits are left out

        return Of(address, word, 4);
    }

    private static Block Of(ulong address, uint word, int length) => new(address, [.. FormSampler.Bytes(word, length), .. FormSampler.Bytes(0x73, 4)], [-1]);

    private bool IsRejected(uint word, int length) => _width.Decode(FormSampler.Bytes(word, length), Layout.Code) is null;
}
