using Emulator.RiscV;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>Tries out that a monitor is equivalent to the bare machine: random guests in lockstep.</summary>
public static class Equivalence
{
    /// <summary>Names of the instruction sets there are random guests for.</summary>
    public static IReadOnlyList<string> Isas { get; } = [X86Metadata.Instance.Name, Rv32Metadata.Instance.Name, Rv64Metadata.Instance.Name];

    /// <summary>Compares so many instructions, or stops at the first difference.</summary>
    /// <param name="isa">One of <see cref="Isas"/>.</param>
    /// <param name="policy">What the monitor does about critical instructions.</param>
    /// <param name="instructions">How many.</param>
    /// <param name="seed">Which random guests.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="paging">Where the real CPU's translations come from.</param>
    /// <exception cref="ArgumentException">There are no guests for the instruction set.</exception>
    public static EquivalenceResult Check(string isa, CriticalPolicy policy, long instructions, int seed, CancellationToken cancellation = default, PagingPolicy paging = PagingPolicy.Tlb)
    {
        if (isa == X86Metadata.Instance.Name)
        {
            using var x86 = new EquivalenceCheck<X86Isa>(new X86RandomGuest(keepsTables: policy == CriticalPolicy.Intercept), policy, paging, seed);
            return x86.Run(instructions, cancellation);
        }

        if (isa == Rv64Metadata.Instance.Name)
        {
            using var rv64 = new EquivalenceCheck<Rv64Isa>(new Rv64RandomGuest(), policy, paging, seed);
            return rv64.Run(instructions, cancellation);
        }

        if (isa == Rv32Metadata.Instance.Name)
        {
            using var rv32 = new EquivalenceCheck<Rv32Isa>(new Rv32RandomGuest(), policy, paging, seed);
            return rv32.Run(instructions, cancellation);
        }

        throw new ArgumentException($"there are no random guests for '{isa}', only for {string.Join(", ", Isas)}", nameof(isa));
    }
}
