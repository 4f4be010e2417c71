namespace Emulator.Replay.Check;

/// <summary>Random numbers (splitmix64), the same for the same seed.</summary>
internal struct RandomSource(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)((Next() >> 32) * (ulong)count >> 32);

    /// <summary>True one time in <paramref name="count"/>.</summary>
    public bool OneIn(int count) => Below(count) == 0;

    /// <summary>64 bits, of which the interesting ones are likelier: none, all, few, one, small numbers.</summary>
    public ulong Value(int width)
    {
        var bits = Next();
        var mask = width >= 64 ? ulong.MaxValue : (1UL << width) - 1;
        return mask & (int)(bits >> 60) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => bits & 0xF,
            3 or 4 => bits & 0xFFF,
            5 => 1UL << (int)(bits % (ulong)Math.Clamp(width, 1, 64)),
            6 => mask >> 1,
            7 => bits & 0xFFFC,
            _ => bits * 0x2545F4914F6CDD1D,
        };
    }
}
