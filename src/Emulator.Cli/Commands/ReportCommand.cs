using System.CommandLine;
using Emulator.Cli.Isa;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Reports;
using Emulator.Reports.Model;
using Emulator.Reports.Writers;

namespace Emulator.Cli.Commands;

/// <summary>`emu report`: the Popek-Goldberg verdict of a description.</summary>
internal static class ReportCommand
{
    private static readonly string[] Formats = ["md", "json", "html", "sarif", "expected"];

    public static Command Create(CommandContext context)
    {
        var isa = new Option<string>("--isa") { Description = "Instruction set: a name (isa/NAME) or a folder", HelpName = "NAME", DefaultValueFactory = _ => context.Services.Isas.DefaultName };
        var profile = new Option<string[]>("--profile") { Description = "Only this hosting profile; may be repeated", HelpName = "NAME" };
        var format = new Option<string>("--format") { Description = string.Join(", ", Formats), HelpName = "FORMAT", DefaultValueFactory = _ => "md" };
        format.AcceptOnlyFromAmong(Formats);
        var output = new Option<string?>("--output", "-o") { Description = "File to write instead of standard output; a folder (which exists, or ends in /): a file for each instance", HelpName = "FILE" };
        var check = new Option<bool>("--check") { Description = "Compare with the committed verdicts (isa/expected); exit with 10 when they differ" };
        var noWitnesses = new Option<bool>("--no-witnesses") { Description = "Do not look for witnesses, which takes seconds" };
        var diff = new Option<string[]>("--diff") { Description = "Compare two verdicts: names of profiles, or JSON reports", HelpName = "A B", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        var command = new Command("report", "Say whether an instruction set can be virtualized, and why not") { isa, profile, format, output, check, noWitnesses, diff };
        command.SetAction(parsed =>
        {
            var folder = SpecFolder.Find(parsed.GetRequiredValue(isa));
            var checking = parsed.GetValue(check);
            var differing = parsed.GetValue(diff) is { Length: 2 } pair ? pair : null;
            var options = new ReportOptions
            {
                Profiles = differing is null ? parsed.GetValue(profile) ?? [] : [],
                Witnesses = !parsed.GetValue(noWitnesses) && !checking && differing is null && parsed.GetRequiredValue(format) is "md" or "json" or "html",
                Expected = file => Expected(folder, file),
            };
            var reports = Build(folder, options, context.Cancellation);
            var name = parsed.GetRequiredValue(isa);
            if (reports.Any(r => r.Isa == name))
            {
                reports = [.. reports.Where(r => r.Isa == name)];
            }

            if (differing is not null)
            {
                return Print(context.Output, ReportDiff.Compare(Side(differing[0], reports), Side(differing[1], reports)));
            }

            if (checking)
            {
                return Print(context.Output, [.. reports.SelectMany(r => r.Profiles.SelectMany(p => (p.Changes ?? []).Select(c => $"{r.Isa}: {c}")))]);
            }

            Write(context.Output, reports, parsed.GetRequiredValue(format), parsed.GetValue(output), () => ExpectedText(name, folder, options, context.Cancellation));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Write(TextWriter output, IReadOnlyList<IsaReport> reports, string format, string? path, Func<string> expected)
    {
        string Text(IReadOnlyList<IsaReport> some) => format switch
        {
            "json" => JsonReport.Write(some),
            "sarif" => SarifReport.Write(some),
            "html" => string.Concat(some.Select(HtmlReport.Write)),
            "expected" => expected(),
            _ => MarkdownReport.Write(some),
        };
        if (path is not null && format != "expected" && (Directory.Exists(path) || Path.EndsInDirectorySeparator(path)))
        {
            Directory.CreateDirectory(path);
            foreach (var report in reports)
            {
                var file = Path.Combine(path, $"{report.Isa}.{format}");
                File.WriteAllText(file, Text([report]));
                output.WriteLine(file);
            }

            return;
        }

        // A page is about one instruction set; the other formats hold several.
        if (format == "html" && reports.Count > 1)
        {
            throw new UserErrorException(ExitCodes.Usage, $"--format html: there are {reports.Count} instances, {string.Join(", ", reports.Select(r => r.Isa))}: "
                + "name one with --isa, or have a page written for each with -o and a folder, for example -o reports/.");
        }

        if (path is null)
        {
            output.Write(Text(reports));
        }
        else
        {
            File.WriteAllText(path, Text(reports));
        }
    }

    private static IReadOnlyList<IsaReport> Build(string folder, ReportOptions options, CancellationToken cancellation)
    {
        try
        {
            return ReportBuilder.Build(SpecFolder.Read(folder), options, cancellation);
        }
        catch (InvalidOperationException error)
        {
            throw new UserErrorException(ExitCodes.Rejected, error.Message);
        }
    }

    private static int Print(TextWriter output, IReadOnlyList<string> differences)
    {
        foreach (var difference in differences)
        {
            output.WriteLine(difference);
        }

        output.WriteLine(differences.Count == 0 ? "no differences" : $"{differences.Count} differences");
        return differences.Count == 0 ? ExitCodes.Success : ExitCodes.Rejected;
    }

    /// <summary>A side of a comparison: a profile of this spec, or the first profile of a JSON report.</summary>
    private static ProfileReport Side(string name, IReadOnlyList<IsaReport> reports)
    {
        if (reports.SelectMany(r => r.Profiles).FirstOrDefault(p => p.Profile == name) is { } profile)
        {
            return profile;
        }

        if (!File.Exists(name))
        {
            throw new UserErrorException(ExitCodes.Usage, $"--diff: '{name}' is neither a profile ({string.Join(", ", reports.SelectMany(r => r.Profiles).Select(p => p.Profile).Distinct())}) nor a file.");
        }

        try
        {
            return JsonReport.Read(File.ReadAllText(name)).SelectMany(r => r.Profiles).First();
        }
        catch (Exception failure) when (failure is System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new UserErrorException(ExitCodes.BadImage, $"{name}: no report in JSON: {failure.Message}");
        }
    }

    /// <summary>Committed verdicts stand in the folder `expected` next to the one of the spec.</summary>
    private static string? Expected(string folder, string name)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(folder))!, "expected", name);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>Verdicts in the form in which they are committed, with the sentences reviewed so far.</summary>
    private static string ExpectedText(string isa, string folder, ReportOptions options, CancellationToken cancellation)
    {
        var spec = VerdictSpec.Load(isa, cancellation);
        return string.Concat(spec.Report.Profiles.Where(p => options.Profiles.Count == 0 || options.Profiles.Contains(p.Name))
            .Select(p => Expectation.Write(spec.Model, p, Expected(folder, Expectation.FileName(spec.Model, p)) is { } text ? Expectation.Sentences(text) : null)));
    }
}
