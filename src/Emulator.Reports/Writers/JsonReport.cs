using System.Text.Encodings.Web;
using System.Text.Json;
using Emulator.Reports.Model;

namespace Emulator.Reports.Writers;

/// <summary>The report as JSON (docs/report.schema.json).</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(IReadOnlyList<IsaReport> reports) => JsonSerializer.Serialize(reports, Options) + "\n";

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is no report.</exception>
    public static IReadOnlyList<IsaReport> Read(string json) => JsonSerializer.Deserialize<List<IsaReport>>(json, Options) ?? throw new JsonException("a report is a list");
}
