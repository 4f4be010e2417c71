using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <summary>What binding one version of a spec found out about its bodies, for revising them.</summary>
internal sealed class Bindings
{
    /// <summary>Functions that do anything besides computing from their arguments.</summary>
    public HashSet<IrFunction> Impure { get; } = new();

    /// <summary>What each function instance asked for.</summary>
    public Dictionary<IrFunction, Requests> OfFunctions { get; } = new();

    /// <summary>What each instruction asked for.</summary>
    public Dictionary<string, Requests> OfInstructions { get; } = new(StringComparer.Ordinal);

    /// <summary>Through how many instructions, functions and other code each address map is gone.</summary>
    public Dictionary<string, int> Maps { get; } = new(StringComparer.Ordinal);

    /// <summary>The declared functions as they are now.</summary>
    public Dictionary<string, Decl.Function> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>The instructions as they are now, with the titles of their chapters.</summary>
    public Dictionary<string, (Decl.Instruction Declaration, string Chapter)> Instructions { get; } = new(StringComparer.Ordinal);

    public Bindings Copy()
    {
        var copy = new Bindings();
        copy.Impure.UnionWith(Impure);
        foreach (var pair in OfFunctions) copy.OfFunctions.Add(pair.Key, pair.Value);
        foreach (var pair in OfInstructions) copy.OfInstructions.Add(pair.Key, pair.Value);
        foreach (var pair in Maps) copy.Maps.Add(pair.Key, pair.Value);
        foreach (var pair in Functions) copy.Functions.Add(pair.Key, pair.Value);
        foreach (var pair in Instructions) copy.Instructions.Add(pair.Key, pair.Value);
        return copy;
    }

    /// <summary>Counts the maps something goes through.</summary>
    public void CountMaps(Requests requests)
    {
        foreach (string map in requests.Maps) Maps[map] = (Maps.TryGetValue(map, out int count) ? count : 0) + 1;
    }

    /// <summary>Counts anew what goes through other maps now; false where a map comes into use or falls out of it, which changes what its functions count as.</summary>
    public bool Recount(Requests former, Requests now)
    {
        bool same = true;
        foreach (string map in former.Maps.Where(m => !now.Maps.Contains(m))) same &= --Maps[map] > 0;
        foreach (string map in now.Maps.Where(m => !former.Maps.Contains(m)))
        {
            int count = Maps.TryGetValue(map, out int known) ? known : 0;
            same &= count > 0;
            Maps[map] = count + 1;
        }
        return same;
    }
}
