using Iced.Intel;

namespace Emulator.Tour.Assembly;

/// <summary>Code with named labels, and its data: what an assembler makes of one source file.</summary>
/// <remarks>
/// Code may hold the address of a label as a number (in a gate, in a table of routines), which is known only when everything has been assembled.
/// So the source is assembled again and again, each time with the addresses of the time before, until they no longer change.
/// </remarks>
internal sealed class AssemblyUnit
{
    private const int MostPasses = 8;

    private readonly Dictionary<string, Label> labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> defined = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> addresses;
    private readonly uint origin;
    private byte[] image = [];

    private AssemblyUnit(uint origin, uint dataOrigin, Dictionary<string, uint> addresses)
    {
        this.origin = origin;
        this.addresses = addresses;
        Data = new DataSection(dataOrigin);
    }

    /// <summary>Iced's assembler, in 32-bit mode.</summary>
    public Assembler Code { get; } = new(32);

    /// <summary>The data.</summary>
    public DataSection Data { get; }

    /// <summary>Address after the last byte of the data.</summary>
    public uint End => Data.End;

    /// <summary>The label of a name, to jump to or to call, defined before or after.</summary>
    public Label this[string name]
    {
        get
        {
            if (!labels.TryGetValue(name, out var label))
            {
                label = Code.CreateLabel(name);
                labels.Add(name, label);
            }

            return label;
        }
    }

    /// <summary>Assembles a source.</summary>
    /// <param name="origin">Address of the first instruction.</param>
    /// <param name="dataOrigin">Address of the data, above the code.</param>
    /// <param name="emit">Writes the source into the unit; called once per pass.</param>
    public static AssemblyUnit Build(uint origin, uint dataOrigin, Action<AssemblyUnit> emit)
    {
        var addresses = new Dictionary<string, uint>(StringComparer.Ordinal);
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var unit = new AssemblyUnit(origin, dataOrigin, addresses);
            emit(unit);
            var found = unit.Assemble();
            if (found.Count == addresses.Count && found.All(pair => addresses.TryGetValue(pair.Key, out var old) && old == pair.Value))
            {
                return unit;
            }

            addresses = found;
        }

        throw new InvalidOperationException("The addresses of the labels do not settle.");
    }

    /// <summary>Names the next instruction.</summary>
    public void Define(string name)
    {
        if (!defined.Add(name))
        {
            throw new InvalidOperationException($"Label '{name}' is defined twice.");
        }

        var label = this[name];
        Code.Label(ref label);
        labels[name] = label;
    }

    /// <summary>Address of a label as a number. In the first pass a stand-in that takes as many bytes as the true one.</summary>
    public uint AddressOf(string name) => addresses.GetValueOrDefault(name, origin + 0x1000);

    /// <summary>A new name that no other label has.</summary>
    public string Unique(string stem) => $"{stem}.{labels.Count}";

    /// <summary>Code and data in one piece, from the origin on.</summary>
    public byte[] ToArray() => image;

    private Dictionary<string, uint> Assemble()
    {
        var missing = labels.Keys.Where(name => !defined.Contains(name)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidOperationException($"Labels used but not defined: {string.Join(", ", missing)}.");
        }

        using var stream = new MemoryStream();
        var result = Code.Assemble(new StreamCodeWriter(stream), origin, BlockEncoderOptions.ReturnNewInstructionOffsets);
        if (origin + stream.Length > Data.Origin)
        {
            throw new InvalidOperationException($"The code ends at {origin + stream.Length:x}, beyond the start of the data at {Data.Origin:x}.");
        }

        stream.SetLength(Data.Origin - origin);
        stream.Position = stream.Length;
        stream.Write(Data.ToArray());
        image = stream.ToArray();
        return labels.ToDictionary(pair => pair.Key, pair => (uint)result.GetLabelRIP(pair.Value), StringComparer.Ordinal);
    }
}
