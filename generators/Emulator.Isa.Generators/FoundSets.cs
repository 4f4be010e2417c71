using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Emulator.Isa.Generators;

/// <summary>Brings together the findings of several stages.</summary>
internal static class FoundSets
{
    public static IncrementalValueProvider<ImmutableArray<FoundSet>> And(this IncrementalValueProvider<ImmutableArray<FoundSet>> left, IncrementalValuesProvider<FoundSet> right) =>
        left.Combine(right.Collect()).Select(static (pair, _) => pair.Left.AddRange(pair.Right));

    public static IncrementalValueProvider<ImmutableArray<FoundSet>> Collect(this IncrementalValueProvider<FoundSet> single) =>
        single.Select(static (set, _) => ImmutableArray.Create(set));
}
