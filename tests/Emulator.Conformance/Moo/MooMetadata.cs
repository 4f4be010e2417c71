using System.Text.Json;

namespace Emulator.Conformance.Moo;

/// <summary>What metadata.json and revocation_list.txt say about the vectors.</summary>
internal sealed class MooMetadata
{
    private readonly Dictionary<string, ushort> _masks = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _revoked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads both files from the folder of the vectors.</summary>
    public MooMetadata(string folder)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "metadata.json")));
        foreach (JsonProperty opcode in json.RootElement.GetProperty("opcodes").EnumerateObject())
        {
            Add(opcode.Name, opcode.Value);
            if (opcode.Value.TryGetProperty("reg", out JsonElement groups))
            {
                foreach (JsonProperty group in groups.EnumerateObject())
                    Add($"{opcode.Name}.{group.Name}", group.Value);
            }
        }

        string revocations = Path.Combine(folder, "revocation_list.txt");
        if (!File.Exists(revocations))
            return;
        foreach (string line in File.ReadLines(revocations))
        {
            if (line.Trim() is { Length: > 0 } hash && hash[0] != '#')
                _revoked.Add(hash);
        }
    }

    /// <summary>Flags that are defined after an opcode, named as its file is: <c>27</c>, <c>F7.6</c>.</summary>
    public ushort DefinedFlags(string opcode) => _masks.GetValueOrDefault(opcode, (ushort)0xFFFF);

    /// <summary>Whether the publisher has withdrawn a vector.</summary>
    public bool IsRevoked(string hash) => _revoked.Contains(hash);

    private void Add(string opcode, JsonElement entry)
    {
        if (entry.TryGetProperty("flags-mask", out JsonElement mask))
            _masks[opcode] = (ushort)mask.GetInt32();
    }
}
