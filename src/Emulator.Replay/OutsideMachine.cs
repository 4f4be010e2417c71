using Emulator.Isa.Analysis.Interpretation;

namespace Emulator.Replay;

/// <summary>The machine outside the processor, for the spec's externs: what it answers is the same function of arguments and devices that the interpreter of the IR takes.</summary>
public sealed class OutsideMachine
{
    private const int Roles = 6;

    /// <summary>State of the devices, a number per resource role.</summary>
    public ulong[] Devices { get; } = new ulong[Roles];

    /// <summary>What an extern returns, before it is cut to the width of its result.</summary>
    /// <param name="reads">Roles of the devices it reads, as a set of bits.</param>
    /// <param name="writes">Roles of the devices it changes.</param>
    /// <param name="arguments">The low 64 bits of its arguments.</param>
    public ulong Answer(int reads, int writes, ReadOnlySpan<ulong> arguments)
    {
        ulong seed = 0;
        foreach (var argument in arguments)
        {
            seed = OutsideAnswer.Next(seed, argument);
        }

        for (var role = 0; role < Roles; role++)
        {
            if ((reads >> role & 1) != 0)
            {
                seed = OutsideAnswer.Next(seed, Devices[role]);
            }

            if ((writes >> role & 1) != 0)
            {
                Devices[role] += seed + 1;
            }
        }

        return OutsideAnswer.Of(seed);
    }
}
