using Emulator.Testing;

namespace Emulator.Kvm.Tests;

/// <summary>The client in docs/kvm.md is compiled and does what it says.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> All => Implementations.All;

    private static string Sample => File.ReadAllText(Path.Combine(Repository.Root, "tests/Emulator.Kvm.Tests/Samples/MinimalClient.cs"));

    [Theory, MemberData(nameof(All))]
    public void The_minimal_client_prints_a_sum_and_a_register(string on)
    {
        using var kvm = Implementations.Open(on);
        var output = new StringWriter();
        MinimalClient.Run(kvm, output);
        Assert.Equal("4!", output.ToString());
    }

    [Fact]
    public void The_minimal_client_is_the_one_in_the_documentation()
    {
        Assert.Contains($"```csharp\n{Sample}```", File.ReadAllText(Path.Combine(Repository.Root, "docs/kvm.md")), StringComparison.Ordinal);
        Assert.True(Sample.Count(c => c == '\n') < 60);
    }
}
