namespace Emulator.Conformance.Silicon;

/// <summary>The forms that are not executed on silicon: lines <c>instruction ; encoding (or *) ; reason</c>.</summary>
internal sealed record SiliconList(string Instruction, string Encoding, string Reason)
{
    /// <summary>Reads a list; lines that begin with # are comments.</summary>
    public static IReadOnlyList<SiliconList> Read(string path) =>
        [.. File.ReadLines(path)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(';', 3, StringSplitOptions.TrimEntries))
            .Select(parts => parts is [var instruction, var encoding, { Length: > 0 } reason]
                ? new SiliconList(instruction, encoding, reason)
                : throw new InvalidDataException($"{path}: not 'instruction ; encoding ; reason': {string.Join(" ; ", parts)}"))];

    /// <summary>Whether a form is one of those meant.</summary>
    public bool Covers(string instruction, string encoding) => Instruction == instruction && (Encoding == "*" || Encoding == encoding);
}
