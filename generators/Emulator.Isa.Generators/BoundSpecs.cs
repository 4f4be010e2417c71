using System.Runtime.CompilerServices;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Generators;

/// <summary>Binds instruction sets; generator and analyzers of a compilation share what is bound for as long as its root file is kept.</summary>
internal static class BoundSpecs
{
    private static readonly ConditionalWeakTable<SpecFile, BoundIsa> Known = new();
    private static readonly ConditionalWeakTable<SpecFile, BoundIsa> Revisions = new();

    /// <summary>Binds; every place in the result is one in these texts.</summary>
    public static BoundIsa Bind(IsaFiles files, CancellationToken cancellation)
    {
        // Findings refer to the very texts they were made on, so equal meaning is not enough here.
        if (Find(Known, files) is { } known && OfTexts(known, files)) return known;
        var bound = IsaCompiler.Bind(files, cancellation);
        Keep(Known, bound);
        return bound;
    }

    /// <summary>Binds for generation, where what did not change since the last time may keep its former places.</summary>
    public static BoundIsa BindToEmit(IsaFiles files, CancellationToken cancellation)
    {
        var (known, last) = (Find(Known, files), Find(Revisions, files));
        if (known is not null && OfTexts(known, files)) return known;
        if (last is not null && OfTexts(last, files)) return last;
        if ((last ?? known) is { } former && IsaCompiler.Revise(former, files, cancellation) is { } revised)
        {
            Keep(Revisions, revised);
            return revised;
        }
        lock (Known) Revisions.Remove(files.Root);
        return Bind(files, cancellation);
    }

    private static BoundIsa? Find(ConditionalWeakTable<SpecFile, BoundIsa> table, IsaFiles files) => table.TryGetValue(files.Root, out var known) ? known : null;

    private static bool OfTexts(BoundIsa known, IsaFiles files) => known.Files.Name == files.Name && known.Files.Files.SequenceEqual(files.Files);

    private static void Keep(ConditionalWeakTable<SpecFile, BoundIsa> table, BoundIsa bound)
    {
        lock (Known)
        {
            table.Remove(bound.Files.Root);
            table.Add(bound.Files.Root, bound);
        }
    }
}
