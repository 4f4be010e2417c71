namespace Emulator.Testing;

/// <summary>Operands for floating-point operations, biased to where something happens: specials, subnormals, ties, near-overflow, cancellation, NaNs with payloads.</summary>
/// <param name="random">Where chance comes from.</param>
/// <param name="bits">Width of the encoding: 32 or 64.</param>
public sealed class FloatOperands(Random random, int bits)
{
    private readonly int _fraction = bits == 64 ? 52 : 23;
    private readonly int _largest = bits == 64 ? 2047 : 255;

    private ulong Sign => (ulong)random.Next(2) << (bits - 1);

    private int Bias => _largest / 2;

    /// <summary>Three operands, of which the second and third often have something to do with those before them.</summary>
    public (ulong A, ulong B, ulong C) Next()
    {
        ulong a = Any();
        ulong b = random.Next(4) switch
        {
            0 => Near(a),
            1 => Make(Complement(a), Fraction()),
            _ => Any(),
        };
        ulong c = random.Next(4) switch
        {
            0 => Near(Product(a, b)) ^ (1ul << (bits - 1)),
            1 => Make(Exponent(Product(a, b)) + random.Next(-2 * _fraction - 4, _fraction + 4), Fraction()),
            _ => Any(),
        };
        return (a, b, c);
    }

    /// <summary>An integer, often near a limit or between two numbers of a format.</summary>
    public ulong Integer()
    {
        ulong value = random.Next(5) switch
        {
            0 => (ulong)random.Next(-4, 5),
            1 => (1ul << random.Next(64)) + (ulong)random.Next(-3, 4),
            2 => Bits() >> random.Next(64),
            3 => (Bits() >> 40 << random.Next(41)) + (ulong)random.Next(-2, 3),
            _ => Bits(),
        };
        return random.Next(3) == 0 ? 0 - value : value;
    }

    /// <summary>Any kind of operand.</summary>
    public ulong Any() => random.Next(10) switch
    {
        0 => Special(),
        1 => Make(0, Fraction()),
        2 => Make(_largest, Fraction()),
        3 => Make(_largest - random.Next(1, 4), Fraction()),
        4 => Make(random.Next(1, 4), Fraction()),
        5 => Make(random.Next(_largest), Fraction()),
        6 => Number(Integer()),
        7 => Make(Bias + random.Next(-3, 66), Fraction()),
        8 => Make(Bias + random.Next(-_fraction - 3, _fraction + 3), Fraction()),
        _ => Bits() >> (64 - bits),
    };

    private ulong Special() => Sign | random.Next(12) switch
    {
        0 or 1 => 0,
        2 => 1,
        3 => (1ul << _fraction) - 1,
        4 => 1ul << _fraction,
        5 => (ulong)Bias << _fraction,
        6 => ((ulong)_largest << _fraction) - 1,
        7 or 8 => (ulong)_largest << _fraction,
        9 => ((ulong)_largest << _fraction) | (1ul << (_fraction - 1)),
        10 => ((ulong)_largest << _fraction) | 1,
        _ => ((ulong)Bias + 1) << _fraction,
    };

    /// <summary>A fraction: random, of few bits, or with runs of ones or zeros at its end.</summary>
    private ulong Fraction() => random.Next(6) switch
    {
        0 => 0,
        1 => 1ul << random.Next(_fraction),
        2 => Bits() << random.Next(64),
        3 => 0 - (Bits() >> random.Next(64)),
        4 => (1ul << random.Next(_fraction)) + (1ul << random.Next(_fraction)),
        _ => Bits(),
    };

    private ulong Make(int exponent, ulong fraction) => Sign | ((ulong)Math.Clamp(exponent, 0, _largest) << _fraction) | (fraction & ((1ul << _fraction) - 1));

    private int Exponent(ulong a) => (int)(a >> _fraction) & _largest;

    /// <summary>An exponent that makes a product or quotient with the other number all but over- or underflow, or stay near one.</summary>
    private int Complement(ulong a)
    {
        int exponent = Exponent(a), towards = random.Next(3) switch { 0 => Bias, 1 => _largest, _ => -_fraction };
        int distance = random.Next(-3, _fraction + 3);
        return random.Next(2) == 0 ? Bias + towards - exponent + (towards <= 0 ? distance : -distance) : exponent + Bias - towards + distance;
    }

    private ulong Near(ulong a) => (a ^ Sign) + (ulong)random.Next(-2, 3) & (ulong.MaxValue >> (64 - bits));

    private ulong Product(ulong a, ulong b) => bits == 64
        ? BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(a) * BitConverter.UInt64BitsToDouble(b))
        : BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)a) * BitConverter.UInt32BitsToSingle((uint)b));

    private ulong Number(ulong integer)
    {
        ulong number = bits == 64 ? BitConverter.DoubleToUInt64Bits((long)integer) : BitConverter.SingleToUInt32Bits((long)integer);
        int half = random.Next(4);
        if (half == 0) number = bits == 64 ? BitConverter.DoubleToUInt64Bits((long)integer + 0.5) : BitConverter.SingleToUInt32Bits((long)integer + 0.5f);
        return half == 1 ? Near(number) : number;
    }

    private ulong Bits() => (ulong)random.NextInt64() ^ ((ulong)random.NextInt64() << 1);
}
