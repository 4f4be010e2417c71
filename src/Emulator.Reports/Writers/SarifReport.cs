using System.Text.Json;
using System.Text.Json.Nodes;
using Emulator.Isa.Diagnostics;
using Emulator.Reports.Model;

namespace Emulator.Reports.Writers;

/// <summary>The findings as SARIF 2.1.0 (OASIS), for code-scanning services and editors.</summary>
public static class SarifReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n" };

    public static string Write(IReadOnlyList<IsaReport> reports)
    {
        var rules = new JsonArray();
        foreach (DiagnosticDescriptor rule in DiagnosticCatalog.All.Where(d => d.IsVirtualizability))
        {
            rules.Add(new JsonObject
            {
                ["id"] = rule.Id,
                ["shortDescription"] = new JsonObject { ["text"] = rule.Title },
                // A helpUri would have to be absolute.
                ["help"] = new JsonObject { ["text"] = $"docs/diagnostics/{rule.Id}.md" },
                ["defaultConfiguration"] = new JsonObject { ["level"] = Level(rule.Severity.ToString().ToLowerInvariant()) },
            });
        }
        var results = new JsonArray();
        foreach (Finding finding in reports.SelectMany(r => r.Findings)) results.Add(Result(finding));
        foreach ((IsaReport report, ProfileReport profile, string change) in reports.SelectMany(r => r.Profiles.SelectMany(p => (p.Changes ?? []).Select(c => (r, p, c)))))
        {
            results.Add(new JsonObject
            {
                ["ruleId"] = "PG0006",
                ["level"] = "error",
                ["message"] = new JsonObject { ["text"] = $"{report.Isa}: {change}" },
                ["properties"] = new JsonObject { ["profile"] = profile.Profile },
            });
        }
        var log = new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject { ["driver"] = new JsonObject { ["name"] = "emu report", ["rules"] = rules } },
                ["results"] = results,
            }),
        };
        return log.ToJsonString(Options) + "\n";
    }

    private static JsonObject Result(Finding finding)
    {
        var related = new JsonArray();
        foreach (ChainLink link in finding.Related.Distinct())
        {
            JsonObject location = Location(link.File, link.Line, 1);
            location["message"] = new JsonObject { ["text"] = link.Note };
            related.Add(location);
        }
        var result = new JsonObject
        {
            ["ruleId"] = finding.Id,
            ["level"] = Level(finding.Severity),
            ["message"] = new JsonObject { ["text"] = finding.Message },
            ["locations"] = new JsonArray(Location(finding.File, finding.Line, finding.Column)),
        };
        if (related.Count > 0) result["relatedLocations"] = related;
        return result;
    }

    private static JsonObject Location(string file, int line, int column) => new()
    {
        ["physicalLocation"] = new JsonObject
        {
            ["artifactLocation"] = new JsonObject { ["uri"] = file.Replace('\\', '/') },
            ["region"] = new JsonObject { ["startLine"] = Math.Max(1, line), ["startColumn"] = Math.Max(1, column) },
        },
    };

    private static string Level(string severity) => severity switch { "error" => "error", "warning" => "warning", _ => "note" };
}
