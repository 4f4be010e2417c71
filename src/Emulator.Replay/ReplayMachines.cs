using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using Emulator.Pg74;
using Emulator.RiscV;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Replay;

/// <summary>The ISAs there is a generated CPU of in this build.</summary>
public static class ReplayMachines
{
    private static readonly Dictionary<string, Func<IsaModel, SpecFacts, IReplayMachine>> s_known = new(StringComparer.Ordinal)
    {
        [X86Isa.Name] = (m, f) => new GeneratedMachine<X86Isa>(m, f, X86Metadata.Instance, typeof(X86Externs)),
        [Rv32Isa.Name] = (m, f) => new GeneratedMachine<Rv32Isa>(m, f, Rv32Metadata.Instance, typeof(Rv32Externs)),
        [Rv64Isa.Name] = (m, f) => new GeneratedMachine<Rv64Isa>(m, f, Rv64Metadata.Instance, typeof(Rv64Externs)),
        [Pg74Isa.Name] = (m, f) => new GeneratedMachine<Pg74Isa>(m, f, Pg74Metadata.Instance, typeof(Pg74Externs)),
        [Pg74SilentHaltIsa.Name] = (m, f) => new GeneratedMachine<Pg74SilentHaltIsa>(m, f, Pg74SilentHaltMetadata.Instance, typeof(Pg74SilentHaltExterns)),
        [Pg74RawLoadIsa.Name] = (m, f) => new GeneratedMachine<Pg74RawLoadIsa>(m, f, Pg74RawLoadMetadata.Instance, typeof(Pg74RawLoadExterns)),
        [Pg74ModeReadIsa.Name] = (m, f) => new GeneratedMachine<Pg74ModeReadIsa>(m, f, Pg74ModeReadMetadata.Instance, typeof(Pg74ModeReadExterns)),
        [Pg74FreeReturnIsa.Name] = (m, f) => new GeneratedMachine<Pg74FreeReturnIsa>(m, f, Pg74FreeReturnMetadata.Instance, typeof(Pg74FreeReturnExterns)),
    };

    /// <summary>Names of the ISA instances.</summary>
    public static IEnumerable<string> Names => s_known.Keys;

    /// <summary>The generated CPU of a spec; null when this build has none of its name.</summary>
    /// <param name="model">The bound spec, the one the build compiled.</param>
    /// <param name="facts">Facts about it.</param>
    /// <exception cref="InvalidOperationException">The build compiled another version of the spec.</exception>
    public static IReplayMachine? Create(IsaModel model, SpecFacts facts)
    {
        ArgumentNullException.ThrowIfNull(model);
        return s_known.TryGetValue(model.Name, out var create) ? create(model, facts) : null;
    }
}
