using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Emulator.Reports.Model;
using Emulator.Reports.Writers;
using Json.Schema;

namespace Emulator.Reports.Tests;

/// <summary>The formats.</summary>
public sealed class WriterTests
{
    [Theory]
    [InlineData("pg74", true)]
    [InlineData("x86", false)]
    public void JsonFollowsItsSchema(string isa, bool witnesses)
    {
        var schema = JsonSchema.FromFile(Path.Combine(Specs.Root, "docs/report.schema.json"));
        EvaluationResults result = schema.Evaluate(JsonNode.Parse(JsonReport.Write(Specs.Report(isa, witnesses))), new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}")).Take(5)));
    }

    [Fact]
    public void TheSchemaRejectsOtherThings()
    {
        var schema = JsonSchema.FromFile(Path.Combine(Specs.Root, "docs/report.schema.json"));
        Assert.False(schema.Evaluate(JsonNode.Parse("[{ \"isa\": 1 }]")).IsValid);
    }

    [Fact]
    public void JsonIsReadBack()
    {
        IReadOnlyList<IsaReport> report = Specs.Report("pg74", true);
        IReadOnlyList<IsaReport> read = JsonReport.Read(JsonReport.Write(report));
        Assert.Equal(JsonReport.Write(report), JsonReport.Write(read));
        Assert.Empty(ReportDiff.Compare(report[1].Profiles[0], read[1].Profiles[0]));
    }

    /// <summary>What SARIF 2.1.0 requires of a log, a run, a rule and a result (OASIS, sections 3.13, 3.14, 3.27, 3.28, 3.49).</summary>
    [Fact]
    public void SarifHasWhatTheStandardRequires()
    {
        using JsonDocument log = JsonDocument.Parse(SarifReport.Write(Specs.Report("pg74", true)));
        Assert.Equal("2.1.0", log.RootElement.GetProperty("version").GetString());
        JsonElement run = Assert.Single(log.RootElement.GetProperty("runs").EnumerateArray());
        JsonElement driver = run.GetProperty("tool").GetProperty("driver");
        Assert.NotEmpty(driver.GetProperty("name").GetString()!);
        string[] rules = [.. driver.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];
        Assert.Contains("PG0001", rules);
        JsonElement[] results = [.. run.GetProperty("results").EnumerateArray()];
        Assert.Equal(4, results.Length);
        foreach (JsonElement result in results)
        {
            Assert.Contains(result.GetProperty("ruleId").GetString(), rules);
            Assert.Contains(result.GetProperty("level").GetString(), (string[])["none", "note", "warning", "error"]);
            Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString()!);
            JsonElement physical = result.GetProperty("locations")[0].GetProperty("physicalLocation");
            Assert.Equal("isa/pg74/instructions.isa", physical.GetProperty("artifactLocation").GetProperty("uri").GetString());
            Assert.True(physical.GetProperty("region").GetProperty("startLine").GetInt32() >= 1);
            Assert.All(result.GetProperty("relatedLocations").EnumerateArray(), l => Assert.NotEmpty(l.GetProperty("message").GetProperty("text").GetString()!));
        }
    }

    /// <summary>The whole log against a schema of the part of the standard that is used; the standard's own schema is not part of the repository.</summary>
    [Theory]
    [InlineData("pg74")]
    [InlineData("x86")]
    public void SarifFollowsTheSchema(string isa)
    {
        var schema = JsonSchema.FromFile(Path.Combine(Specs.Root, "tests/Emulator.Reports.Tests/sarif-subset.schema.json"));
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
        string text = SarifReport.Write(Specs.Report(isa, false));
        EvaluationResults result = schema.Evaluate(JsonNode.Parse(text), options);
        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}")).Take(5)));
        Assert.False(schema.Evaluate(JsonNode.Parse(text.Replace("\"startLine\"", "\"line\"", StringComparison.Ordinal)), options).IsValid);
        Assert.False(schema.Evaluate(JsonNode.Parse(text.Replace("\"ruleId\"", "\"rule\"", StringComparison.Ordinal)), options).IsValid);
    }

    [Fact]
    public void MarkdownTellsTheVerdictFirst()
    {
        string text = MarkdownReport.Write([Specs.Pg74("pg74_raw_load")]);
        Assert.StartsWith("# pg74_raw_load: virtualizability\n\n## Profile thirdgen\n\n- **Theorem 1 fails.** 1 form is sensitive and does not trap", text);
        Assert.Contains("Repair set (to intercept or rewrite): LOADR.", text);
        Assert.Contains("| LOADR | `I { op = 0x14 }` | privileged | critical | location | always | always |", text);
        Assert.Contains("Witness, bytes `14 ", text);
    }

    /// <summary>The page is well-formed, needs nothing from elsewhere, and has every form once with its class in every profile.</summary>
    [Fact]
    public void HtmlIsOneSelfContainedPage()
    {
        string html = HtmlReport.Write(Specs.X86);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
        string script = html[html.IndexOf("<script>", StringComparison.Ordinal)..];
        string xml = html.Replace(script, "</body></html>", StringComparison.Ordinal)["<!DOCTYPE html>\n".Length..]
            .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal).Replace("<br>", "<br/>", StringComparison.Ordinal)
            .Replace("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "", StringComparison.Ordinal);
        xml = System.Text.RegularExpressions.Regex.Replace(xml, "(<input [^>]*)>", "$1/>");
        XElement page = XElement.Parse(xml);
        XElement[] forms = [.. page.Descendants("details").Where(d => d.Attribute("data-verdicts") is not null)];
        Assert.Equal(Specs.X86.Profiles[0].Forms.Count, forms.Length);
        Assert.Equal(forms.Length, forms.Select(f => f.Attribute("id")!.Value).Distinct().Count());
        Assert.All(forms, f => Assert.Equal(Specs.X86.Profiles.Count, f.Element("summary")!.Elements("i").Count()));
        XElement popf = forms.Single(f => f.Element("summary")!.Element("b")!.Value == "POPF");
        Assert.Equal(["critical control", "critical control", "privileged control", "innocuous", "innocuous"], popf.Element("summary")!.Elements("i").Select(i => i.Value));
        Assert.Contains("light-dark(", html);
        Assert.Contains("@media print", html);
    }

    /// <summary>What forms share is in the page once: every instruction's lines, whatever the number of its forms and profiles.</summary>
    [Fact]
    public void HtmlHasSharedTextOnce()
    {
        string html = HtmlReport.Write(Specs.X86);
        string data = html[html.IndexOf("type=\"application/json\">", StringComparison.Ordinal)..];
        data = data["type=\"application/json\">".Length..data.IndexOf("</script>", StringComparison.Ordinal)];
        using JsonDocument json = JsonDocument.Parse(data);
        JsonElement[] sources = [.. json.RootElement.GetProperty("sources").EnumerateArray()];
        Assert.Equal(Specs.X86.Profiles[0].Forms.Select(f => f.Source).Distinct().Count(), sources.Length);
        JsonElement popf = sources.Single(s => s.GetProperty("text").GetString()!.StartsWith("instruction POPF ", StringComparison.Ordinal));
        string[] lines = File.ReadAllLines(Path.Combine(Specs.Root, popf.GetProperty("file").GetString()!));
        Assert.Equal(popf.GetProperty("text").GetString()!.Split('\n')[0], lines[popf.GetProperty("line").GetInt32() - 1]);
        Assert.InRange(html.Length, 1, 1_000_000);
    }
}
