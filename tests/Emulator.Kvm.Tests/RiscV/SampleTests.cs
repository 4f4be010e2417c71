using Emulator.Testing;

namespace Emulator.Kvm.Tests.RiscV;

/// <summary>The client for RISC-V in docs/kvm.md is compiled and does what it says.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> Wide => RiscVImplementations.Wide;

    private static string Sample => File.ReadAllText(Path.Combine(Repository.Root, "tests/Emulator.Kvm.Tests/Samples/MinimalRiscVClient.cs"));

    [Theory, MemberData(nameof(Wide))]
    public void The_minimal_client_prints_a_sum_and_a_register(string on)
    {
        using var kvm = RiscVImplementations.Open(on);
        var output = new StringWriter();
        MinimalRiscVClient.Run(kvm, output);
        Assert.Equal("4!", output.ToString());
    }

    [Fact]
    public void The_minimal_client_is_the_one_in_the_documentation()
    {
        Assert.Contains($"```csharp\n{Sample}```", File.ReadAllText(Path.Combine(Repository.Root, "docs/kvm.md")), StringComparison.Ordinal);
        Assert.True(Sample.Count(c => c == '\n') < 60);
    }
}
