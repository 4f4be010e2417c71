namespace Emulator.Cli.Isa;

/// <summary>Runs the compiler of specs, outside a build.</summary>
internal interface ISpecChecker
{
    /// <summary>Checks spec files, given as path and text.</summary>
    SpecReport Check(IReadOnlyList<(string Path, string Text)> files, SpecCheckOptions options, CancellationToken cancellation);

    /// <summary>Writes an instruction reference for every instruction set, as Markdown pages given as path and text.</summary>
    /// <returns>The pages; none when the files have errors.</returns>
    IReadOnlyList<(string Path, string Text)> Document(IReadOnlyList<(string Path, string Text)> files, CancellationToken cancellation);
}
