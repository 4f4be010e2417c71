using System.Globalization;

namespace Emulator.Conformance.Moo;

/// <summary>Vectors that a 386 or later must answer differently, each for a stated reason; skips.txt holds the single ones.</summary>
internal sealed class MooSkips
{
    private const int InstructionLimitOf286 = 10;
    private const byte GeneralProtection = 13;
    private static readonly HashSet<string> StringOpcodes = ["6C", "6D", "6E", "6F", "A4", "A5", "A6", "A7", "AA", "AB", "AC", "AD", "AE", "AF"];
    private readonly MooMetadata _metadata;
    private readonly List<(string Opcode, string Text, string Vector, string Reason)> _listed = [];

    /// <summary>Reads the list: lines <c>opcode ; part of the disassembly (or *) ; exception (or *) ; reason</c>.</summary>
    public MooSkips(MooMetadata metadata, string listPath)
    {
        _metadata = metadata;
        foreach (string line in File.ReadLines(listPath))
        {
            string[] parts = line.Split(';', 4, StringSplitOptions.TrimEntries);
            if (parts.Length == 4 && !line.StartsWith('#'))
                _listed.Add((parts[0], parts[1], parts[2], parts[3]));
        }
    }

    /// <summary>Why a vector is not run, or null when it is.</summary>
    public string? ReasonFor(string opcode, MooTest test)
    {
        if (_metadata.IsRevoked(test.Hash))
            return "revoked by the publisher";
        if (test.Prefixes().Lock)
            return "LOCK: a 386 raises #UD where a 286 locks";
        if (test.Exception is { Vector: 6 or GeneralProtection } && test.Instruction.Length > InstructionLimitOf286)
            return "more than 10 bytes: an exception on a 286, legal since the 386";
        if (test.Exception is { Vector: GeneralProtection } && StringOpcodes.Contains(opcode))
            return "a 286 leaves the index and count registers advanced when a string instruction faults, a 386 restores them";
        string vector = test.Exception is { } exception ? exception.Vector.ToString(CultureInfo.InvariantCulture) : "-";
        foreach ((string listed, string text, string raised, string reason) in _listed)
        {
            if ((listed == "*" || listed.Equals(opcode, StringComparison.OrdinalIgnoreCase)) && (text == "*" || test.Name.Contains(text, StringComparison.Ordinal))
                && (raised == "*" || raised == vector))
                return reason;
        }

        return null;
    }
}
