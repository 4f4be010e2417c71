using Emulator.Cli.Isa;

namespace Emulator.Cli.Tests;

/// <summary>Finds an error in every file that says so.</summary>
internal sealed class FakeSpecChecker : ISpecChecker
{
    public SpecReport Check(IReadOnlyList<(string Path, string Text)> files, SpecCheckOptions options, CancellationToken cancellation) => new(
        [("toy", 1, 2)],
        [.. files.Where(file => file.Text.Contains("error")).Select(file => new SpecFinding(true, $"{file.Path}(1,1): error ISA0001: bad"))],
        options.Holes > 0 ? ["toy: no form for 0F"] : []);

    public IReadOnlyList<(string Path, string Text)> Document(IReadOnlyList<(string Path, string Text)> files, CancellationToken cancellation) =>
        files.Any(file => file.Text.Contains("error")) ? [] : [(Path.Combine("toy", "index.md"), "# toy\n")];
}
