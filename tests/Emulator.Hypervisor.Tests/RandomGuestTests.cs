using System.Globalization;

namespace Emulator.Hypervisor.Tests;

/// <summary>Random instruction streams leave the same on the bare machine and under the monitor, in lockstep.</summary>
public sealed class RandomGuestTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Theory]
    [InlineData("x86", CriticalPolicy.Patch, 5_000_000, PagingPolicy.Tlb)]
    [InlineData("x86", CriticalPolicy.Patch, 5_000_000, PagingPolicy.Shadow)]
    [InlineData("x86", CriticalPolicy.Intercept, 3_000_000, PagingPolicy.Tlb)]
    [InlineData("rv32", CriticalPolicy.Patch, 1_000_000, PagingPolicy.Tlb)]
    [InlineData("rv64", CriticalPolicy.Patch, 1_000_000, PagingPolicy.Tlb)]
    public void AreEquivalent(string isa, CriticalPolicy policy, long instructions, PagingPolicy paging)
    {
        EquivalenceResult result = Equivalence.Check(isa, policy, instructions, seed: 20, paging: paging);
        Show(result);
        Assert.Null(result.Failure);
        Assert.Equal(0, result.Statistics.Violations);
        Assert.True(result.Instructions >= instructions);
        if (paging == PagingPolicy.Shadow)
            Assert.True(result.Statistics.Shadows is { Fills: > 5000, TableWrites: > 5000, Switches: > 2000, Releases: > 100 });
        Assert.True(result.Statistics.Direct * 5 > result.Instructions, "most of it never ran directly");
    }

    /// <summary>Where critical instructions are trusted, one is found out, and cut down to few instructions.</summary>
    [Fact]
    public void TrustedCriticalInstructionsAreFoundOut()
    {
        EquivalenceResult result = Equivalence.Check("x86", CriticalPolicy.Trust, 5_000_000, seed: 1);
        Show(result);
        Assert.NotNull(result.Failure);
        Assert.InRange(result.Failure.Instructions.Count, 1, 4);
        Assert.NotEmpty(result.Failure.Differences);
        // It sees what it should not, but gets at nothing.
        Assert.Equal(0, result.Statistics.Violations);
    }

    private void Show(EquivalenceResult result)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Instructions} instructions of {result.Guests} guests; {result.Statistics.Direct} direct, {result.Statistics.Interpreted} interpreted, {result.Statistics.Exits} exits"));
        if (result.Statistics.Shadows is { } shadows)
            output.WriteLine(shadows.ToString());
        foreach (string line in (result.Failure?.Instructions ?? []).Concat(result.Failure?.Differences ?? []))
            output.WriteLine(line);
    }
}
