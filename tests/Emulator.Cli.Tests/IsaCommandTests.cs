using System.Text;
using System.Text.Json;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>`emu disasm`, `emu asm`, `emu isa`, `emu tour` and help.</summary>
public sealed class IsaCommandTests
{
    [Fact]
    public void Disasm_prints_address_bytes_and_text()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("code", 0xFF, 0x90, 0xF4);
        var run = CliRun.Of("disasm", "--isa", "toy", "--bits", "16", "--offset", "1", "--base", "0x7C00", file);
        Assert.Equal("00007c01: 90     nop\n00007c02: f4     (bad)\n", run.Output);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
    }

    [Fact]
    public void Asm_prints_bytes_or_says_why_not()
    {
        Assert.Equal("90\n", CliRun.Of("asm", "--isa", "toy", "--bits", "32", "nop").Output);
        var run = CliRun.Of("asm", "hop");
        Assert.Equal(ExitCodes.Rejected, run.ExitCode);
        Assert.Equal("emu: 'hop': there is no such instruction.\n", run.Error);
    }

    [Theory]
    [InlineData("asm", "--isa", "vax", "nop")]
    [InlineData("asm", "--bits", "64", "nop")]
    [InlineData("asm")]
    [InlineData("isa")]
    public void Wrong_usage_is_told(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public void Check_prints_findings_and_counts()
    {
        using var folder = new TemporaryFolder();
        folder.Write("good.isa", Encoding.UTF8.GetBytes("fine"));
        var good = CliRun.Of("isa", "check", folder.FullName);
        Assert.Equal("toy: 1 instructions, 2 forms\n0 errors, 0 other findings\n", good.Output);
        Assert.Equal(ExitCodes.Success, good.ExitCode);

        folder.Write("bad.isa", Encoding.UTF8.GetBytes("error"));
        var bad = CliRun.Of("isa", "check", folder.FullName);
        Assert.StartsWith($"{folder["bad.isa"]}(1,1): error ISA0001: bad\n", bad.Output);
        Assert.Equal(ExitCodes.Rejected, bad.ExitCode);
    }

    [Fact]
    public void Doc_writes_pages_unless_there_are_errors()
    {
        using var folder = new TemporaryFolder();
        folder.Write("good.isa", Encoding.UTF8.GetBytes("fine"));
        var good = CliRun.Of("isa", "doc", folder.FullName, folder["out"]);
        Assert.Equal("1 pages\n", good.Output);
        Assert.Equal("# toy\n", File.ReadAllText(Path.Combine(folder["out"], "toy", "index.md")));

        folder.Write("bad.isa", Encoding.UTF8.GetBytes("error"));
        var bad = CliRun.Of("isa", "doc", folder.FullName, folder["other"]);
        Assert.Equal(ExitCodes.Rejected, bad.ExitCode);
        Assert.False(Directory.Exists(folder["other"]));
    }

    [Fact]
    public void List_prints_a_table_or_json()
    {
        Assert.Contains("privileged", CliRun.Of("isa", "list", "--isa", "toy").Output);
        using var json = JsonDocument.Parse(CliRun.Of("isa", "list", "--json", "hl").Output);
        var form = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal("HLT", form.GetProperty("instruction").GetString());
        Assert.Equal("GP", form.GetProperty("traps")[0].GetString());
    }

    [Fact]
    public void Tour_writes_the_image()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ExitCodes.Success, CliRun.Of("tour", folder["tour.bin"]).ExitCode);
        Assert.Equal(Emulator.Tour.TourImage.Build().Bytes, File.ReadAllBytes(folder["tour.bin"]));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("boot", "--help")]
    public void Help_tells_the_exit_codes(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("isa-debug-exit", run.Output);
    }
}
