namespace Emulator.Cli;

/// <summary>Exit codes of `emu`. Its own are even; the odd ones belong to guests, which choose them through isa-debug-exit or the test finisher.</summary>
internal static class ExitCodes
{
    /// <summary>Done; for `boot`: the guest halted for good or switched the machine off.</summary>
    public const int Success = 0;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file cannot be read, or is not what it should be.</summary>
    public const int BadImage = 4;

    /// <summary>The instruction budget is used up.</summary>
    public const int BudgetExhausted = 6;

    /// <summary>The processor shut down: a triple fault.</summary>
    public const int TripleFault = 8;

    /// <summary>A specification has errors, or a text is no instruction.</summary>
    public const int Rejected = 10;

    /// <summary>A bug in `emu`.</summary>
    public const int InternalError = 12;

    /// <summary>Stopped by Ctrl-C or a termination signal.</summary>
    public const int Interrupted = 130;

    /// <summary>The codes as shown by `--help` and in docs/cli.md.</summary>
    public static IReadOnlyList<(string Code, string Meaning)> Table { get; } =
    [
        ("odd", "the guest's choice: it wrote v to isa-debug-exit (port 0x501; virt: failed with code v at the test finisher), the code is v * 2 + 1"),
        ("0", "done; boot: the guest halted for good or switched the machine off"),
        ("2", "the command line is wrong"),
        ("4", "a file cannot be read or is not what it should be"),
        ("6", "boot: --max-instructions is used up"),
        ("8", "boot: triple fault"),
        ("10", "isa check, report: the specification has errors; report --check, --diff: verdicts differ; check: something is not as derived; asm: the text is no instruction"),
        ("12", "a bug in emu"),
        ("130", "stopped by Ctrl-C"),
    ];
}
