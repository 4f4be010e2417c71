using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Replay;

/// <summary>The machine outside the processor, for the spec's externs: what it answers is the same function of arguments and devices that the interpreter of the IR takes.</summary>
public sealed class OutsideMachine
{
    private const int Roles = 6;

    /// <summary>State of the devices, a number per resource role.</summary>
    public ulong[] Devices { get; } = new ulong[Roles];

    /// <summary>What an extern returns, before it is cut to the width of its result.</summary>
    /// <param name="reads">Roles of the devices it reads.</param>
    /// <param name="writes">Roles of the devices it changes.</param>
    /// <param name="arguments">Its arguments.</param>
    public ulong Answer(ResourceRoles reads, ResourceRoles writes, params ReadOnlySpan<ulong> arguments)
    {
        ulong seed = 0;
        foreach (var argument in arguments)
        {
            seed = (seed * 31) + argument;
        }

        for (var role = 0; role < Roles; role++)
        {
            var bit = (ResourceRoles)(1 << role);
            if ((reads & bit) != 0)
            {
                seed = (seed * 31) + Devices[role];
            }

            if ((writes & bit) != 0)
            {
                Devices[role] += seed + 1;
            }
        }

        return seed;
    }
}
