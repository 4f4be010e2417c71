using Emulator.Cli.Boot;
using Emulator.Cli.Isa;

namespace Emulator.Cli;

/// <summary>What the commands work with: the doors to the other assemblies.</summary>
/// <param name="Machines">Builds machines.</param>
/// <param name="Isas">Knows the instruction sets.</param>
/// <param name="Specs">Checks descriptions.</param>
internal sealed record Services(IMachineFactory Machines, IsaCatalog Isas, ISpecChecker Specs)
{
    /// <summary>Everything this build has.</summary>
    public static Services Default { get; } = new(new MachineFactory(), new IsaCatalog(new X86Tools(), new Rv32Tools(), new Rv64Tools()), new SpecChecker());
}
