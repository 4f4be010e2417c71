using System.CommandLine;
using Emulator.Cli.Parsing;

namespace Emulator.Cli.Commands;

/// <summary>`emu asm`: the bytes of one instruction.</summary>
internal static class AsmCommand
{
    public static Command Create(CommandContext context)
    {
        var isa = new IsaOptions(context);
        var text = new Argument<string[]>("INSTRUCTION")
        {
            Description = "The instruction as the disassembler prints it, for example \"mov eax, 1\"",
            Arity = ArgumentArity.OneOrMore,
        };
        var at = NumberOptions.Address("--at", "Address the instruction is to stand at [default: 0]");
        var command = new Command("asm", "Assemble one instruction and print its bytes") { isa.Isa, isa.Bits, isa.Pseudo, at, text };
        command.SetAction(parsed =>
        {
            var tools = isa.FindIsa(parsed);
            var bits = isa.FindBits(parsed, tools);
            var instruction = string.Join(' ', parsed.GetRequiredValue(text));
            var result = tools.Assemble(instruction, bits, (ulong)(parsed.GetValue(at) ?? 0), isa.FindPseudo(parsed, tools));
            if (result.Error is not null)
            {
                throw new UserErrorException(ExitCodes.Rejected, $"'{instruction}': {result.Error}");
            }

            context.Output.WriteLine(DisasmCommand.Hex(result.Bytes));
            return ExitCodes.Success;
        });
        return command;
    }
}
