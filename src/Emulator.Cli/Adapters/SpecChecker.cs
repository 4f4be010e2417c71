namespace Emulator.Cli.Isa;

/// <summary>Runs the compiler of specs.</summary>
internal sealed class SpecChecker : ISpecChecker
{
    public SpecReport Check(IReadOnlyList<(string Path, string Text)> files, CancellationToken cancellation) => new([], []);
}
