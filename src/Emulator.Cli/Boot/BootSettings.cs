namespace Emulator.Cli.Boot;

/// <summary>How to run a machine, and what to show of it.</summary>
internal sealed record BootSettings
{
    /// <summary>File for the debug console, <c>-</c> for standard output, null for none.</summary>
    public string? DebugConsole { get; init; }

    /// <summary>File for COM1, <c>-</c> for standard output, null for none.</summary>
    public string? Serial { get; init; }

    /// <summary>File whose bytes the serial port receives, <c>-</c> for standard input as it comes, null for none.</summary>
    public string? SerialInput { get; init; }

    /// <summary>Instructions after which to stop; null for no limit.</summary>
    public long? MaxInstructions { get; init; }

    /// <summary>Whether to print numbers about the execution at the end.</summary>
    public bool Statistics { get; init; }

    /// <summary>Whether to show the text screen while the machine runs, and at the end.</summary>
    public bool LiveScreen { get; init; }

    /// <summary>Whether to print the text screen at the end.</summary>
    public bool PrintScreen { get; init; }
}
