using System.Globalization;
using System.Text.RegularExpressions;

namespace Emulator.RiscV.Conformance.Text;

/// <summary>
/// What GNU's disassembler (binutils 2.40) writes otherwise than the description, reviewed. Everything else must be the same to the letter, but for blanks behind commas and the
/// 0x before the target of a jump.
/// </summary>
internal sealed partial class GnuDifferences(int xlen)
{
    private static readonly (string Why, Func<Case, bool> Applies)[] s_differences =
    [
        ("an increment of zero is c.nop here, as in the unprivileged manual, 28.7.1; GNU writes c.addi zero", c => c is { Pseudo: false, Word: <= 0xFFFF } && c.Theirs.StartsWith("c.addi zero,", StringComparison.Ordinal) && c.Ours.StartsWith("c.nop", StringComparison.Ordinal)),
        ("a word of zeros is defined to be illegal (unprivileged manual, 1.5); GNU calls it unimp", c => c is { Word: 0, Ours: "(bad)", Theirs: "unimp" or "c.unimp" }),
        ("a write to cycle, which is read-only, is GNU's unimp with pseudo-instructions and without", c => c is { Pseudo: false, Word: 0xC0001073, Theirs: "unimp", Ours: "csrrw zero,cycle,zero" }),
        ("rounding modes 5 and 6 are reserved; GNU writes 'unknown'", c => c.Ours == "(bad)" && c.Theirs.EndsWith(",unknown", StringComparison.Ordinal) && (c.Word >> 12 & 7) is 5 or 6),
        ("shifts of 32 and more are reserved for RV32 (unprivileged manual, 2.4.1)", c => c is { Xlen: 32, Ours: "(bad)" } && WideShift().IsMatch(c.Theirs)),
        ("reserved combinations of a fence are fences (unprivileged manual, 2.7); GNU knows them with zeros only", c => c.Theirs == "(bad)" && c.Ours.StartsWith("fence", StringComparison.Ordinal) && (c.Word & 0x7F) == 0x0F),
        ("conversions that are exact have a rounding mode all the same (unprivileged manual, 22.5); GNU knows 0 only", c => c.Theirs == "(bad)" && ExactConversion().IsMatch(c.Ours)),
    ];

    private readonly Dictionary<string, string> numbers = Names(xlen);

    /// <summary>How often each difference was met.</summary>
    public SortedDictionary<string, int> Met { get; } = [];

    private sealed record Case(int Xlen, bool Pseudo, uint Word, string Theirs, string Ours);

    /// <summary>Whether two texts of a word agree, or differ in a way that has been reviewed.</summary>
    /// <param name="line">GNU's text.</param>
    /// <param name="ours">The description's.</param>
    /// <param name="pseudo">Whether both are with pseudo-instructions.</param>
    /// <param name="same">Whether they are the same.</param>
    public bool Agree(Gnu.Line line, string ours, bool pseudo, out bool same)
    {
        string theirs = Address(line.Text);
        ours = ours.Length == 0 ? "(bad)" : ours.Replace(", ", ",", StringComparison.Ordinal);
        same = theirs == ours;
        if (same) return true;
        var c = new Case(xlen, pseudo, line.Word, theirs, ours);
        foreach ((string why, Func<Case, bool> applies) in s_differences)
        {
            if (applies(c)) return Count(why);
        }

        // The remaining two can come together.
        string plain = Numbered(theirs, ours);
        if (pseudo && Immediate(plain, ours)) Count("GNU writes forms with an immediate under the mnemonic of the form with a register: add for addi, csrw for csrwi; here an instruction keeps its own");
        else if (plain != ours) return false;
        return plain == theirs || Count("CSRs that the description does not have are numbers; GNU has names for all of the manuals, drafts and old versions included");
    }

    /// <summary>
    /// Whether GNU's assembler refuses what we assemble, or takes another encoding: fences of nothing; rounding modes of the three conversions that are always exact; an addition of
    /// zero, of which it makes c.mv; jal, which it leaves to the linker to shorten.
    /// </summary>
    public static bool IsAssembledOtherwise(string text, int length) => Otherwise().IsMatch(text) || (length == 2 && text.StartsWith("jal ", StringComparison.Ordinal));

    private bool Count(string why)
    {
        Met[why] = Met.GetValueOrDefault(why) + 1;
        return true;
    }

    /// <summary>With 0x before the target of a jump or branch, as all hexadecimal numbers have here.</summary>
    private static string Address(string text) => Jump().Replace(text, "${1}0x$2");

    /// <summary>With numbers for names of CSRs, where the other text has a number.</summary>
    private string Numbered(string theirs, string ours)
    {
        string[] words = theirs.Split(' ', ',');
        string? name = words.FirstOrDefault(w => numbers.TryGetValue(w, out string? number) && Regex.IsMatch(ours, $@"[ ,]{number}(,|$)"));
        return name is null ? theirs : Regex.Replace(theirs, $@"(?<=[ ,]){name}(?=,|$)", numbers[name]);
    }

    private static bool Immediate(string theirs, string ours)
    {
        int end = theirs.IndexOf(' ', StringComparison.Ordinal);
        if (end < 0 || !LastIsNumber().IsMatch(theirs)) return false;
        string mnemonic = theirs[..end];
        return (mnemonic + "i" + theirs[end..] == ours) || (mnemonic[^1] is 'w' or 'u' && mnemonic[..^1] + "i" + mnemonic[^1] + theirs[end..] == ours);
    }

    /// <summary>The numbers of GNU's names of CSRs, found by having all 4096 disassembled.</summary>
    private static Dictionary<string, string> Names(int xlen)
    {
        List<Gnu.Line> lines = Gnu.Disassemble(xlen, Enumerable.Range(0, 4096).Select(csr => ((uint)csr << 20 | 0x2073, 4)), pseudo: false);
        Assert.Equal(4096, lines.Count);
        var names = new Dictionary<string, string>();
        for (int csr = 0; csr < lines.Count; csr++) names[lines[csr].Text.Split(',')[1]] = string.Create(CultureInfo.InvariantCulture, $"0x{csr:x}");
        return names;
    }

    [GeneratedRegex("^((?:c\\.)?(?:beqz?|bnez?|blt|bge|bltu|bgeu|bltz|bgez|blez|bgtz|j|jal) (?:[a-z]\\w+,){0,2})([0-9a-f]+)$")]
    private static partial Regex Jump();

    [GeneratedRegex(",-?(0x[0-9a-f]+|[0-9]+)$")]
    private static partial Regex LastIsNumber();

    [GeneratedRegex(@"^(c\.)?(slli?|srli?|srai?|rori?|bseti?|bclri?|binvi?|bexti?) .*,0x(2|3)[0-9a-f]$")]
    private static partial Regex WideShift();

    [GeneratedRegex(@"^(fence (0,|\w+, 0$)|fcvt\.d\.(s|wu?) .*, (rtz|rdn|rup|rmm|dyn)$|addi (?<same>\w+), \k<same>, 0$)")]
    private static partial Regex Otherwise();

    [GeneratedRegex(@"^fcvt\.d\.(s|w|wu) ")]
    private static partial Regex ExactConversion();
}
