using System.CommandLine;
using System.Globalization;
using Emulator.Cli.Isa;
using Emulator.Cli.Parsing;

namespace Emulator.Cli.Commands;

/// <summary>`emu disasm`: a file as instructions, one per line.</summary>
internal static class DisasmCommand
{
    public static Command Create(CommandContext context)
    {
        var isa = new IsaOptions(context);
        var file = new Argument<string>("FILE") { Description = "File with machine code; of an ELF file the executable sections" };
        var offset = NumberOptions.Address("--offset", "Start N bytes into the file [default: 0]");
        var length = NumberOptions.Address("--length", "Stop after N bytes [default: the whole file]");
        var start = NumberOptions.Address("--base", "Address of the file's first byte [default: 0]");
        var command = new Command("disasm", "Disassemble a file: 'address: bytes  text', one line per instruction")
        {
            isa.Isa, isa.Bits, isa.Pseudo, offset, length, start, file,
        };
        command.SetAction(parsed =>
        {
            var tools = isa.FindIsa(parsed);
            var bits = isa.FindBits(parsed, tools);
            var pseudo = isa.FindPseudo(parsed, tools);
            var input = InputFile.Read(parsed.GetRequiredValue(file));
            var raw = parsed.GetValue(offset) is not null || parsed.GetValue(length) is not null || parsed.GetValue(start) is not null;
            if (!raw && ElfCode.IsElf(input.Bytes))
            {
                foreach (var section in ElfCode.Read(input, tools))
                {
                    context.Output.WriteLine($"{section.Name}:");
                    Write(context, tools, bits, pseudo, section.Code.Span, section.Address);
                }

                return ExitCodes.Success;
            }

            var first = parsed.GetValue(offset) ?? 0;
            if (first >= input.Bytes.Length)
            {
                throw new UserErrorException(ExitCodes.Usage, $"--offset: {input.Path} has only {input.Bytes.Length} bytes.");
            }

            var count = Math.Min(parsed.GetValue(length) ?? long.MaxValue, input.Bytes.Length - first);
            var code = input.Bytes.AsSpan((int)first, (int)count);
            Write(context, tools, bits, pseudo, code, (ulong)((parsed.GetValue(start) ?? 0) + first));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(CommandContext context, IIsaTools tools, int bits, bool pseudo, ReadOnlySpan<byte> code, ulong address)
    {
        var width = (tools.MaxLength * 3) - 1;
        while (!code.IsEmpty)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var (text, length) = tools.Disassemble(code, bits, address, pseudo) ?? ("(bad)", tools.Skip(code));
            var bytes = Hex(code[..length]);
            context.Output.WriteLine($"{address.ToString("x8", CultureInfo.InvariantCulture)}: {bytes.PadRight(width)}  {text}");
            code = code[length..];
            address += (ulong)length;
        }
    }

    /// <summary>Bytes as pairs of digits with blanks between them.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var words = new List<string>(bytes.Length);
        foreach (var value in bytes)
        {
            words.Add(value.ToString("x2", CultureInfo.InvariantCulture));
        }

        return string.Join(' ', words);
    }
}
