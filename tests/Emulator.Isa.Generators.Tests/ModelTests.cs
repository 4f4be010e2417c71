using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Emulator.Isa.Generators.Tests;

/// <summary>What the stages hand on holds nothing of the C# compiler's, which would keep whole compilations alive and defeat caching.</summary>
public sealed class ModelTests
{
    private static readonly Type[] Forbidden = [typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(Location), typeof(Compilation), typeof(SourceText), typeof(AdditionalText), typeof(SemanticModel)];

    [Fact]
    public void OutputsOfStagesHoldNothingOfTheCompilers()
    {
        var run = GeneratorRun.Of(TestSpecs.Load("bytes", "words"));
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (string stage in new[] { Stages.Parse, Stages.Meaning, Stages.Group, Stages.Isa, Stages.Bind, Stages.Emit, Stages.Outline, Stages.EmitDecoding, Stages.CheckEncodings, Stages.Locate, Stages.Options })
        {
            var outputs = run.Result.TrackedSteps[stage].SelectMany(s => s.Outputs).ToList();
            Assert.NotEmpty(outputs);
            foreach (var output in outputs) Walk(output.Value, visited, stage);
        }
        Assert.True(visited.Count > 500, $"the walk saw {visited.Count} objects only");
    }

    [Fact]
    public void OutputsOfStagesAreEqualForEqualInputs()
    {
        GeneratorRun first = GeneratorRun.Of(TestSpecs.Load("bytes", "words")), second = GeneratorRun.Of(TestSpecs.Load("bytes", "words"));
        foreach (string stage in new[] { Stages.Parse, Stages.Meaning, Stages.Group, Stages.Isa, Stages.Bind, Stages.Emit, Stages.Outline, Stages.EmitDecoding, Stages.CheckEncodings, Stages.Locate, Stages.Options })
        {
            var (a, b) = (Outputs(first, stage), Outputs(second, stage));
            Assert.Equal(a, b);
            Assert.Equal(a.Select(x => x.GetHashCode()), b.Select(x => x.GetHashCode()));
            Assert.All(a.Zip(b), pair => Assert.NotSame(pair.First, pair.Second));
        }
    }

    private static List<object> Outputs(GeneratorRun run, string stage) => [.. run.Result.TrackedSteps[stage].SelectMany(s => s.Outputs).Select(o => o.Value)];

    private static void Walk(object? value, HashSet<object> visited, string path)
    {
        if (value is null or string || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || value is Type or MemberInfo) return;
        var type = value.GetType();
        Assert.False(Forbidden.Any(f => f.IsAssignableFrom(type)), $"{path} holds a {type}");
        Assert.False(value is Delegate { Target: not null } d && Forbidden.Any(f => f.IsInstanceOfType(d.Target)), $"{path} holds a closure of {type}");
        if (!type.IsValueType && !visited.Add(value)) return;
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (value is Array array)
        {
            if (type.GetElementType()!.IsPrimitive) return;
            foreach (object? item in array) Walk(item, visited, path);
            return;
        }
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
        {
            foreach (var field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (!field.FieldType.IsPointer && !field.FieldType.IsByRefLike) Walk(field.GetValue(value), visited, path.Length < 200 ? path + "." + field.Name : path);
        }
    }
}
