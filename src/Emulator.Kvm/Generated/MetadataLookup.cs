using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>Finds what a description calls by name.</summary>
internal static class MetadataLookup
{
    /// <summary>A state.</summary>
    public static StateInfo State(this IsaMetadata metadata, string name) => metadata.States.First(state => state.Name == name);

    /// <summary>Index of a trap.</summary>
    public static int Trap(this IsaMetadata metadata, string name)
    {
        var traps = metadata.Traps;
        for (var i = 0; i < traps.Count; i++)
        {
            if (traps[i].Name == name)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"{metadata.Name} has no trap {name}");
    }
}
