using System.Reflection;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests;

/// <summary>Every diagnostic has a spec that produces it, exactly where and as it says, and a page that explains it.</summary>
public sealed class BrokenSpecTests
{
    public static TheoryData<string> Specs => [.. BrokenSpec.Names()];

    [Theory]
    [MemberData(nameof(Specs))]
    public void FindsWhatItSays(string name)
    {
        var spec = BrokenSpec.Load(name);
        Assert.NotEmpty(spec.Expected());
        Assert.Equal(spec.Expected().Order(StringComparer.Ordinal), spec.Actual().Order(StringComparer.Ordinal));
    }

    public static TheoryData<string, string> Descriptors
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var type in new[] { typeof(SyntaxDiagnostics), typeof(BindingDiagnostics) })
            {
                foreach (var member in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                {
                    var descriptor = (DiagnosticDescriptor)member.GetValue(null)!;
                    data.Add(descriptor.Id, descriptor.Title);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Descriptors))]
    public void IsShownAndExplained(string id, string title)
    {
        Assert.Contains(BrokenSpec.Names(), n => n.StartsWith(id, StringComparison.Ordinal) && BrokenSpec.Load(n).Expected().Any(e => e.Contains($": {id} ", StringComparison.Ordinal)));
        string page = Repository.Read($"docs/diagnostics/{id}.md");
        Assert.StartsWith($"# {id}: {title}\n", page.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void IdsAreUnique()
    {
        var ids = Descriptors.Select(d => (string)((object[])d)[0]).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
    }
}
