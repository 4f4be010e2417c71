using System.Collections.Immutable;
using System.Text;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// A committed verdict (isa/expected/ISA.PROFILE.txt): the theorems, every form that is not innocuous with its class and kinds, and for each critical one a sentence that a
/// person has reviewed. Lines that begin with <c>#</c> are comments.
/// </summary>
public static class Expectation
{
    private const string Indent = "    ";

    /// <summary>Name of the file of a verdict.</summary>
    public static string FileName(IsaModel model, ProfileVerdict profile) => $"{model.Name}.{profile.Name}.txt";

    /// <summary>The lines a verdict is expected as, each with the sentence that belongs to it or null.</summary>
    public static string Write(IsaModel model, ProfileVerdict profile, IReadOnlyDictionary<string, string>? sentences = null)
    {
        var text = new StringBuilder();
        text.Append($"# {model.Name}, profile {profile.Name}: what the semantics are derived to be. A critical form needs a reviewed sentence.\n");
        foreach (string line in Theorems(profile)) text.Append(line).Append('\n');
        foreach ((string line, FormVerdict form) in Forms(profile))
        {
            text.Append(line).Append('\n');
            if (form.Critical) text.Append(Indent).Append(sentences is not null && sentences.TryGetValue(Key(line), out string? sentence) ? sentence : "").Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Reviewed sentences of a committed verdict, by what identifies a form.</summary>
    public static Dictionary<string, string> Sentences(string text)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        string? form = null;
        foreach (string line in Lines(text))
        {
            if (!line.StartsWith(Indent, StringComparison.Ordinal)) form = Key(line);
            else if (form is not null && line.Trim().Length > 0) result[form] = line.Trim();
        }
        return result;
    }

    /// <summary>PG0006 for each way a verdict differs from the committed one.</summary>
    /// <param name="path">Path of the committed file, for messages.</param>
    /// <param name="text">Its text; null where there is none.</param>
    public static ImmutableArray<IsaDiagnostic> Check(IsaModel model, ProfileVerdict profile, string path, string? text)
    {
        var bag = new DiagnosticBag();
        SourceSpan place = profile.Profile.Span;
        if (text is null)
        {
            bag.Add(VirtualizabilityDiagnostics.Unexpected, place, $"no verdict is committed for profile '{profile.Name}'; review what `emu report --isa {model.Name} --profile {profile.Name}` says and write {path}");
            return bag.ToImmutable();
        }
        Dictionary<string, string> sentences = Sentences(text);
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Lines(text).Where(l => !l.StartsWith(Indent, StringComparison.Ordinal))) expected[Key(line)] = line;
        var found = new List<IsaDiagnostic>();
        foreach (string line in Theorems(profile))
        {
            if (!expected.TryGetValue(Key(line), out string? was)) Differs(place, $"{line}; {path} does not say");
            else if (was != line) Differs(place, $"{line}; {path} says {was}");
            expected.Remove(Key(line));
        }
        foreach ((string line, FormVerdict form) in Forms(profile))
        {
            SourceSpan at = form.Form.Span;
            if (!expected.TryGetValue(Key(line), out string? was)) Differs(at, $"{line}; {path} expects it to be innocuous");
            else if (was != line) Differs(at, $"{line}; {path} expects {was}");
            else if (form.Critical && !sentences.ContainsKey(Key(line))) Differs(at, $"{line}; {path} has no reviewed sentence for it");
            expected.Remove(Key(line));
        }
        foreach (KeyValuePair<string, string> rest in expected) Differs(place, $"innocuous, or gone: {path} expects {rest.Value}");
        return found.ToImmutableArray();

        void Differs(SourceSpan span, string message) => found.Add(VirtualizabilityDiagnostics.Unexpected.At(span, $"profile '{profile.Name}': {message}"));
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Replace("\r\n", "\n").Split('\n').Where(l => l.Trim().Length > 0 && !l.StartsWith("#", StringComparison.Ordinal)).Select(l => l.TrimEnd());

    private static IEnumerable<string> Theorems(ProfileVerdict profile) =>
        new[] { profile.Theorem1, profile.Theorem2, profile.Theorem3 }.Select(t => $"theorem {t.Number}: {(t.Holds ? "holds" : "fails")}");

    private static IEnumerable<(string Line, FormVerdict Form)> Forms(ProfileVerdict profile)
    {
        foreach (IGrouping<InstructionModel, FormVerdict> group in profile.Forms.GroupBy(f => f.Form.Instruction))
        {
            int number = 0;
            foreach (FormVerdict form in group)
            {
                number++;
                if (form.Class == FormClass.Innocuous) continue;
                string kinds = string.Join(", ", form.Kinds);
                yield return ($"{group.Key.Name} {number} ({form.Form.Text}): {form.Class.ToString().ToLowerInvariant()}{(form.Class == FormClass.Sensitive && form.Traps ? ", traps" : "")}{(kinds.Length > 0 ? "; " + kinds : "")}", form);
            }
        }
    }

    /// <summary>What of a line says what it is about.</summary>
    private static string Key(string line)
    {
        int colon = line.LastIndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? line : line.Substring(0, colon);
    }
}
