namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>What externs answer where no machine is attached: a fixed function of their arguments and of the devices they read, every bit of which depends on all of these.</summary>
public static class OutsideAnswer
{
    /// <summary>Takes in an argument or the state of a device.</summary>
    public static ulong Next(ulong seed, ulong value) => unchecked((seed * 31) + value);

    /// <summary>The answer to what was taken in, before it is cut to the width of the result.</summary>
    public static ulong Of(ulong seed)
    {
        seed = unchecked((seed ^ (seed >> 33)) * 0xFF51AFD7ED558CCDUL);
        return seed ^ (seed >> 33);
    }
}
