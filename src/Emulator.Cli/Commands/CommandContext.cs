namespace Emulator.Cli.Commands;

/// <summary>What every command gets.</summary>
/// <param name="Services">The doors to the other assemblies.</param>
/// <param name="Output">Where results go.</param>
/// <param name="Error">Where messages go.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C.</param>
internal sealed record CommandContext(Services Services, TextWriter Output, TextWriter Error, CancellationToken Cancellation);
