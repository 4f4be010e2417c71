using System.CommandLine;
using System.CommandLine.Invocation;
using Emulator.Cli.Commands;

namespace Emulator.Cli;

/// <summary>The command line: all commands, and what happens to errors.</summary>
/// <param name="services">What the commands work with.</param>
/// <param name="cancellation">Cancelled by Ctrl-C.</param>
/// <param name="output">Where results go; standard output by default.</param>
/// <param name="error">Where messages go; standard error by default.</param>
internal sealed class CommandLine(Services services, CancellationToken cancellation, TextWriter? output = null, TextWriter? error = null)
{
    private readonly TextWriter output = output ?? Console.Out;
    private readonly TextWriter error = error ?? Console.Error;

    /// <summary>Parses and runs a command line and returns the exit code.</summary>
    public int Run(IReadOnlyList<string> args)
    {
        var parsed = CreateRoot().Parse(args);
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };

        try
        {
            if (parsed.Action is ParseErrorAction parseError)
            {
                parseError.ShowHelp = false;
                parsed.Invoke(invocation);
                error.WriteLine($"Try 'emu {CommandPath(parsed)}--help'.");
                return ExitCodes.Usage;
            }

            return parsed.Invoke(invocation);
        }
        catch (UserErrorException userError)
        {
            error.WriteLine($"emu: {userError.Message}");
            return userError.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (IOException failure)
        {
            error.WriteLine($"emu: {failure.Message}");
            return ExitCodes.BadImage;
        }
        catch (Exception bug)
        {
            error.WriteLine("emu: this is a bug, please report it with the command line and what follows.");
            error.WriteLine(bug);
            return ExitCodes.InternalError;
        }
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
        {
            names.Insert(0, result.Command.Name + " ");
        }

        return string.Concat(names);
    }

    private RootCommand CreateRoot()
    {
        var context = new CommandContext(services, output, error, cancellation);
        var root = new RootCommand("Emulator: machines whose processors are compiled from descriptions (isa/).")
        {
            BootCommand.Create(context),
            DisasmCommand.Create(context),
            AsmCommand.Create(context),
            IsaCommand.Create(context),
            ReportCommand.Create(context),
            WitnessCommand.Create(context),
            ExplainCommand.Create(context),
            CheckCommand.Create(context),
            TourCommand.Create(context),
        };
        ExitCodeHelp.AddTo(root);
        return root;
    }
}
