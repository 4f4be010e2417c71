namespace Emulator.Cli.Isa;

/// <summary>Runs the compiler of specs, outside a build.</summary>
internal interface ISpecChecker
{
    /// <summary>Checks spec files, given as path and text.</summary>
    SpecReport Check(IReadOnlyList<(string Path, string Text)> files, CancellationToken cancellation);
}
