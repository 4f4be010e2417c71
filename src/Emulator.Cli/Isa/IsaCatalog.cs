namespace Emulator.Cli.Isa;

/// <summary>The instruction sets of this build, by name.</summary>
internal sealed class IsaCatalog(params IReadOnlyList<IIsaTools> isas)
{
    /// <summary>The default of `--isa`.</summary>
    public string DefaultName => isas[0].Name;

    /// <summary>Finds an instruction set.</summary>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public IIsaTools Find(string name) =>
        isas.FirstOrDefault(isa => string.Equals(isa.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UserErrorException(
            ExitCodes.Usage,
            $"--isa: there is no instruction set '{name}'; this build has {string.Join(", ", isas.Select(isa => isa.Name))}.");
}
