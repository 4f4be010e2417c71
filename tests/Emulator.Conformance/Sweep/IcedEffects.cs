using Iced.Intel;

namespace Emulator.Conformance.Sweep;

/// <summary>What Iced says that encodings of one form read and write, in the names the spec uses.</summary>
internal sealed class IcedEffects
{
    /// <summary>The general registers together: the spec's sets do not tell the elements of an array apart.</summary>
    public const string General = "GPR";

    /// <summary>Memory through segmentation and paging.</summary>
    public const string Memory = "lin";

    private static readonly (RflagsBits Bit, string Name)[] Flags =
    [
        (RflagsBits.CF, "CF"), (RflagsBits.PF, "PF"), (RflagsBits.AF, "AF"), (RflagsBits.ZF, "ZF"), (RflagsBits.SF, "SF"), (RflagsBits.OF, "OF"),
        (RflagsBits.DF, "DF"), (RflagsBits.IF, "IF"), (RflagsBits.AC, "AC"),
    ];

    /// <summary>Registers and memory read.</summary>
    public SortedSet<string> Reads { get; } = new(StringComparer.Ordinal);

    /// <summary>Registers and memory written.</summary>
    public SortedSet<string> Writes { get; } = new(StringComparer.Ordinal);

    /// <summary>Flags whose old value matters.</summary>
    public SortedSet<string> FlagsRead { get; } = new(StringComparer.Ordinal);

    /// <summary>Flags written, cleared, set or left undefined.</summary>
    public SortedSet<string> FlagsWritten { get; } = new(StringComparer.Ordinal);

    /// <summary>The names that are compared; others (hidden parts, control registers) are outside Iced's model.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>([General, Memory]);

    /// <summary>The flags that are compared.</summary>
    public static IReadOnlySet<string> FlagNames { get; } = new HashSet<string>(Flags.Select(f => f.Name));

    /// <summary>Adds one encoding.</summary>
    public void Add(in Instruction instruction, in InstructionInfo info)
    {
        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            if (used.Register.IsGPR())
                Add(General, used.Access);
        }

        foreach (UsedMemory used in info.GetUsedMemory())
            Add(Memory, used.Access);
        Add(FlagsRead, instruction.RflagsRead);
        Add(FlagsWritten, instruction.RflagsModified);
    }

    private static void Add(SortedSet<string> set, RflagsBits bits)
    {
        foreach ((RflagsBits bit, string name) in Flags)
        {
            if ((bits & bit) != 0)
                set.Add(name);
        }
    }

    private void Add(string name, OpAccess access)
    {
        if (access is OpAccess.Read or OpAccess.CondRead or OpAccess.ReadWrite or OpAccess.ReadCondWrite)
            Reads.Add(name);
        if (access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite)
            Writes.Add(name);
    }
}
