using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>The forms a translator must rewrite for Theorem 1 to hold under a profile: what the analyzer derives to be critical and isa/expected records.</summary>
public static partial class RepairSet
{
    /// <summary>Reads the set of a profile.</summary>
    /// <param name="isa">The instruction set.</param>
    /// <param name="profile">A profile its spec declares, for example <c>classic</c>.</param>
    /// <returns>Indices in <see cref="IsaMetadata.Forms"/>.</returns>
    /// <exception cref="ArgumentException">There is no verdict of the profile, or it names a form the instruction set does not have.</exception>
    public static IReadOnlySet<int> Of(IsaMetadata isa, string profile)
    {
        ArgumentNullException.ThrowIfNull(isa);
        string name = $"{isa.Name}.{profile}.txt";
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name);
        if (stream is null)
            throw new ArgumentException($"isa/expected has no verdict {name}: profiles are declared in the spec and their verdicts committed there", nameof(profile));
        using var reader = new StreamReader(stream);
        return Read(isa, name, reader.ReadToEnd());
    }

    /// <summary>The same from the text of a verdict.</summary>
    internal static IReadOnlySet<int> Read(IsaMetadata isa, string name, string text)
    {
        var forms = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < isa.Forms.Count; i++)
        {
            if (!forms.TryGetValue(isa.Forms[i].Instruction, out List<int>? list))
                forms.Add(isa.Forms[i].Instruction, list = []);
            list.Add(i);
        }

        var set = new SortedSet<int>();
        foreach (Match match in CriticalForm().Matches(text))
        {
            int number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
            if (!forms.TryGetValue(match.Groups["instruction"].Value, out List<int>? list) || number > list.Count)
                throw new ArgumentException($"{name}: '{match.Value.Trim()}' is no form of {isa.Name}; build the spec, which compares the verdict with what it derives", nameof(text));
            set.Add(list[number - 1]);
        }

        return set;
    }

    [GeneratedRegex(@"^(?<instruction>\S+) (?<number>\d+) \(.*\): critical\b.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CriticalForm();
}
