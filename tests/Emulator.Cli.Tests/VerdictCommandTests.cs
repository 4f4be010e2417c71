using System.Text.Json;
using Emulator.Cli.Isa;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>`emu report`, `emu witness` and `emu explain`, on the small instruction set of the repository.</summary>
public sealed class VerdictCommandTests
{
    [Fact]
    public void Report_prints_the_verdict()
    {
        var run = CliRun.Of("report", "--isa", "pg74_silent_halt");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.StartsWith("# pg74_silent_halt: virtualizability\n\n## Profile thirdgen\n\n- **Theorem 1 fails.**", run.Output);
        Assert.DoesNotContain("# pg74:", run.Output);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("sarif")]
    public void Report_writes_a_file(string format)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ExitCodes.Success, CliRun.Of("report", "--isa", "pg74", "--format", format, "--no-witnesses", "-o", folder["report"]).ExitCode);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["report"]));
        Assert.NotEqual(JsonValueKind.Undefined, json.RootElement.ValueKind);
    }

    /// <summary>A page is about one instance; of a folder with several there is one each, or a message that says how to choose.</summary>
    [Theory]
    [InlineData("html")]
    [InlineData("md")]
    [InlineData("json")]
    [InlineData("sarif")]
    public void Report_writes_a_file_per_instance(string format)
    {
        using var folder = new TemporaryFolder();
        var pg74 = SpecFolder.Find("pg74");
        var run = CliRun.Of("report", "--isa", pg74, "--format", format, "--no-witnesses", "-o", folder["reports"] + "/");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        string[] names = [.. Directory.GetFiles(folder["reports"]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal([.. new[] { "pg74", "pg74_free_return", "pg74_mode_read", "pg74_raw_load", "pg74_silent_halt" }.Select(n => $"{n}.{format}")], names);

        // SARIF is about findings: it names rules and places, no instance, and the machine without a defect has none.
        Assert.All(names, n => Assert.Contains(format != "sarif" ? Path.GetFileNameWithoutExtension(n) : n == "pg74.sarif" ? "\"results\": []" : "\"ruleId\": \"PG000", File.ReadAllText(Path.Combine(folder["reports"], n)), StringComparison.Ordinal));
        var single = CliRun.Of("report", "--isa", pg74, "--format", format, "--no-witnesses");
        Assert.Equal(format == "html" ? ExitCodes.Usage : ExitCodes.Success, single.ExitCode);
        if (format == "html") Assert.Contains("5 instances, pg74, pg74_silent_halt", single.Error, StringComparison.Ordinal);
        else Assert.Contains(format == "sarif" ? "RETU" : "pg74_free_return", single.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_compares_with_the_committed_verdict()
    {
        var same = CliRun.Of("report", "--isa", "pg74", "--check");
        Assert.Equal((ExitCodes.Success, "no differences\n"), (same.ExitCode, same.Output));
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["isa"]);
        foreach (var file in Directory.GetFiles(SpecFolder.Find("pg74")))
        {
            File.Copy(file, Path.Combine(folder["isa"], Path.GetFileName(file)));
        }

        var missing = CliRun.Of("report", "--isa", folder["isa"], "--check");
        Assert.Equal(ExitCodes.Rejected, missing.ExitCode);
        Assert.Contains("no verdict is committed for profile 'thirdgen'", missing.Output);
    }

    [Fact]
    public void Diff_compares_reports()
    {
        using var folder = new TemporaryFolder();
        CliRun.Of("report", "--isa", "pg74", "--format", "json", "--no-witnesses", "-o", folder["a.json"]);
        CliRun.Of("report", "--isa", "pg74_mode_read", "--format", "json", "--no-witnesses", "-o", folder["b.json"]);
        var run = CliRun.Of("report", "--isa", "pg74", "--diff", folder["a.json"], folder["b.json"]);
        Assert.Equal(ExitCodes.Rejected, run.ExitCode);
        Assert.Contains("~ theorem 1: holds -> fails\n", run.Output);
        Assert.Contains("~ SMODE 1 ", run.Output);
        Assert.Equal(ExitCodes.Usage, CliRun.Of("report", "--isa", "pg74", "--diff", "thirdgen", "nothing").ExitCode);
    }

    [Fact]
    public void Witness_shows_two_executions()
    {
        var run = CliRun.Of("witness", "--isa", "pg74_silent_halt", "halt");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("bytes 13 00 00 00\n", run.Output);
        Assert.Matches(@"HALTED +1 +.*0", run.Output);
        Assert.Contains("is not critical", CliRun.Of("witness", "--isa", "pg74", "halt").Output);
    }

    [Fact]
    public void Witness_replays_on_the_generated_machine()
    {
        Assert.StartsWith("Executed on the generated CPU of x86.\nPOPF 9D under 'classic': ", CliRun.Of("witness", "--isa", "x86", "POPF").Output);
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["isa"]);
        File.WriteAllText(folder["isa/other.isa"], string.Concat(Directory.GetFiles(SpecFolder.Find("pg74")).Order(StringComparer.Ordinal).Where(f => !f.EndsWith("pg74.isa", StringComparison.Ordinal)).Select(File.ReadAllText)));
        File.WriteAllText(folder["isa/own.isa"], "isa own { include \"other.isa\"; param SILENT_HALT in {0, 1}; param RAW_LOAD in {0}; param MODE_READ in {0}; param FREE_RETURN in {0};"
            + " instance own { SILENT_HALT = 1; RAW_LOAD = 0; MODE_READ = 0; FREE_RETURN = 0 } }");
        var own = CliRun.Of("witness", "--isa", folder["isa"], "HALT");
        Assert.StartsWith("there is no generated CPU of own in this build", own.Output);
        Assert.Matches(@"HALTED +1 +.*0", own.Output);
        var check = CliRun.Of("check", "popek-goldberg", "--isa", folder["isa"]);
        Assert.Equal(ExitCodes.Rejected, check.ExitCode);
        Assert.Contains("there is no generated CPU of own", check.Error);
    }

    [Fact]
    public void Check_executes_every_form()
    {
        var run = CliRun.Of("check", "popek-goldberg", "--isa", SpecFolder.Find("pg74"), "--cases", "200", "--forms");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("pg74, thirdgen: 15 forms executed 6,000 times", run.Output);
        Assert.Contains("pg74_free_return, thirdgen: 15 forms executed 6,000 times", run.Output);
        Assert.Contains("1 of 1 critical forms shown", run.Output);
        Assert.Contains("SMODE", run.Output);
    }

    [Fact]
    public void Check_takes_one_instruction()
    {
        var run = CliRun.Of("check", "popek-goldberg", "--isa", "rv32", "--cases", "100", "--seed", "7", "--profile", "umode", "add");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.StartsWith("rv32, umode: 1 form executed 200 times", run.Output);
        Assert.Equal(ExitCodes.Usage, CliRun.Of("check", "popek-goldberg", "--isa", "rv32", "--cases", "0").ExitCode);
    }

    [Fact]
    public void Explain_leads_from_state_to_effect()
    {
        var run = CliRun.Of("explain", "--isa", "pg74_mode_read", "SMODE");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.StartsWith("SMODE I { op = 0x15, ra = 0, disp = 0 } under 'thirdgen': critical (mode)\n  marked privileged\n", run.Output);
        Assert.Contains("MODE is mode state", run.Output);
        Assert.Contains("leaves in destination what depends on mode state", run.Output);
    }

    [Theory]
    [InlineData("explain", "--isa", "pg74", "HALTT")]
    [InlineData("explain", "--isa", "pg74", "--profile", "none", "HALT")]
    [InlineData("report", "--isa", "pg74", "--format", "pdf")]
    public void Wrong_usage_is_told(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public void A_missing_spec_is_told() => Assert.Equal(ExitCodes.BadImage, CliRun.Of("report", "--isa", "vax").ExitCode);
}
