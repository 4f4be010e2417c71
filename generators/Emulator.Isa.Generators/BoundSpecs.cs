using System.Runtime.CompilerServices;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Generators;

/// <summary>Binds instruction sets; generator and analyzers of a compilation share what is bound for as long as its root file is kept.</summary>
internal static class BoundSpecs
{
    private static readonly ConditionalWeakTable<SpecFile, BoundIsa> Known = new();

    public static BoundIsa Bind(IsaFiles files, CancellationToken cancellation)
    {
        // Findings refer to the very texts they were made on, so equal meaning is not enough here.
        if (Known.TryGetValue(files.Root, out var known) && known.Files.Name == files.Name && known.Files.Files.SequenceEqual(files.Files)) return known;
        var bound = IsaCompiler.Bind(files, cancellation);
        lock (Known)
        {
            Known.Remove(files.Root);
            Known.Add(files.Root, bound);
        }
        return bound;
    }
}
