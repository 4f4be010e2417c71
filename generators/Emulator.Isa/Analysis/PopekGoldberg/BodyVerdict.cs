using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What the derivation says of one body under a profile.</summary>
internal sealed class BodyVerdict
{
    /// <summary>Every guest-mode state ends in a trap, before any effect, or in a memory trap.</summary>
    public bool Traps { get; set; }

    /// <summary>Some monitor-mode state traps.</summary>
    public bool MonitorTraps { get; set; }

    /// <summary>Roles of resources it changes in some state.</summary>
    public ResourceRoles Controls { get; set; }

    /// <summary>Roles of resources its results depend on.</summary>
    public ResourceRoles Behaviour { get; set; }

    public Difference? Critical { get; set; }

    /// <summary>A difference between two guest-mode states (Theorem 3).</summary>
    public Difference? UserCritical { get; set; }

    /// <summary>Roles of all differences a guest-mode execution without a trap shows.</summary>
    public ResourceRoles CriticalRoles { get; set; }

    public bool Abandoned { get; set; }

    public HashSet<IrFunction> Undeclared { get; } = new();

    public List<EffectNote> Notes { get; } = new();

    /// <summary>Per mode value: whether it completes always, sometimes or never, and when not.</summary>
    public Dictionary<BigInteger, ModeAccess> Access { get; } = new();
}
