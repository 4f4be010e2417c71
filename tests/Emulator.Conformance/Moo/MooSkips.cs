namespace Emulator.Conformance.Moo;

/// <summary>Vectors that a 386 or later must answer differently, each for a stated reason; skips.txt holds the single ones.</summary>
internal sealed class MooSkips
{
    private const int InstructionLimitOf286 = 10;
    private readonly MooMetadata _metadata;
    private readonly List<(string Opcode, string Text, string Reason)> _listed = [];

    /// <summary>Reads the list: lines <c>opcode ; part of the disassembly (or *) ; reason</c>.</summary>
    public MooSkips(MooMetadata metadata, string listPath)
    {
        _metadata = metadata;
        foreach (string line in File.ReadLines(listPath))
        {
            string[] parts = line.Split(';', 3, StringSplitOptions.TrimEntries);
            if (parts.Length == 3 && !line.StartsWith('#'))
                _listed.Add((parts[0], parts[1], parts[2]));
        }
    }

    /// <summary>Why a vector is not run, or null when it is.</summary>
    public string? ReasonFor(string opcode, MooTest test)
    {
        if (_metadata.IsRevoked(test.Hash))
            return "revoked by the publisher";
        if (test.Prefixes().Lock)
            return "LOCK: a 386 raises #UD where a 286 locks";
        if (test.Exception is { Vector: 6 } && test.Instruction.Length > InstructionLimitOf286)
            return "more than 10 bytes: #UD on a 286, legal since the 386";
        foreach ((string listed, string text, string reason) in _listed)
        {
            if ((listed == "*" || listed.Equals(opcode, StringComparison.OrdinalIgnoreCase)) && (text == "*" || test.Name.Contains(text, StringComparison.Ordinal)))
                return reason;
        }

        return null;
    }
}
