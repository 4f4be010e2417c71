using Emulator.Cli.Boot;
using Emulator.Cli.Isa;

namespace Emulator.Cli.Tests;

/// <summary>One run of the command line with everything behind it replaced.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command line.</summary>
    public static CliRun Of(FakeMachineFactory machines, params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var services = new Services(machines, new IsaCatalog(new FakeIsa()), new FakeSpecChecker());
        var exitCode = new CommandLine(services, CancellationToken.None, output, error).Run(args);
        return new CliRun(exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Runs a command line that starts no machine.</summary>
    public static CliRun Of(params string[] args) => Of(new FakeMachineFactory(1, new SliceResult(MachineEnd.Halted)), args);
}
