using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Emulator.Runtime;
using Spectre.Console;

namespace Emulator.Cli.Commands;

/// <summary>`emu isa list`: what is derived for every form.</summary>
internal static class IsaListCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create(CommandContext context)
    {
        var isa = new IsaOptions(context);
        var json = new Option<bool>("--json") { Description = "As a JSON array, with everything that is known" };
        var filter = new Argument<string?>("NAME") { Description = "Only instructions whose name begins so", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List every form of an instruction set with what is derived for it") { isa.Isa, json, filter };
        command.SetAction(parsed =>
        {
            var prefix = parsed.GetValue(filter) ?? string.Empty;
            var forms = isa.FindIsa(parsed).Forms.Where(form => form.Instruction.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
            if (parsed.GetValue(json))
            {
                context.Output.WriteLine(JsonSerializer.Serialize(forms, Json));
            }
            else
            {
                WriteTable(context.Output, forms);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void WriteTable(TextWriter output, List<FormInfo> forms)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var title in (string[])["instruction", "encoding", "operands", "mark", "reads", "writes", "traps", "block"])
        {
            table.AddColumn(title);
        }

        foreach (var form in forms)
        {
            string[] cells =
            [
                form.Instruction, form.Encoding, form.Operands, form.Mark, string.Join(' ', form.Reads), string.Join(' ', form.Writes),
                string.Join(' ', form.Traps), form.EndsBlock ? "ends" : string.Empty,
            ];
            table.AddRow([.. cells.Select(cell => (Spectre.Console.Rendering.IRenderable)new Text(cell))]);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 200;
        }

        console.Write(table);
        output.WriteLine($"{forms.Count} forms");
    }
}
