using System.CommandLine;
using Emulator.Cli.Isa;

namespace Emulator.Cli.Commands;

/// <summary>The options `--isa` and `--bits`.</summary>
internal sealed class IsaOptions(CommandContext context)
{
    public Option<string> Isa { get; } = new("--isa")
    {
        Description = "Instruction set",
        HelpName = "NAME",
        DefaultValueFactory = _ => context.Services.Isas.DefaultName,
    };

    public Option<int?> Bits { get; } = new("--bits") { Description = "Code size, for x86 16 or 32", HelpName = "N" };

    public Option<bool> Pseudo { get; } = new("--pseudo") { Description = "With pseudo-instructions, such as RISC-V's 'ret' and 'li'" };

    public IIsaTools FindIsa(ParseResult parsed) => context.Services.Isas.Find(parsed.GetRequiredValue(Isa));

    /// <summary>Whether pseudo-instructions are wanted.</summary>
    /// <exception cref="UserErrorException">They are, and the instruction set has none.</exception>
    public bool FindPseudo(ParseResult parsed, IIsaTools isa) => parsed.GetValue(Pseudo) && !isa.HasPseudoInstructions
        ? throw new UserErrorException(ExitCodes.Usage, $"--pseudo: {isa.Name} has no pseudo-instructions.")
        : parsed.GetValue(Pseudo);

    /// <summary>The code size asked for, or the instruction set's default.</summary>
    public int FindBits(ParseResult parsed, IIsaTools isa)
    {
        var bits = parsed.GetValue(Bits) ?? isa.Bits[^1];
        return isa.Bits.Contains(bits)
            ? bits
            : throw new UserErrorException(ExitCodes.Usage, $"--bits: {isa.Name} has {string.Join(" and ", isa.Bits)}, not {bits}.");
    }
}
