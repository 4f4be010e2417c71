using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>PG0006: the committed verdicts.</summary>
public sealed class ExpectationTests
{
    public static TheoryData<string, string, string> Committed => new()
    {
        { "isa/x86", "x86", "classic" }, { "isa/x86", "x86", "umip" }, { "isa/x86", "x86", "v8086" }, { "isa/pg74", "pg74", "thirdgen" },
        { "isa/pg74", "pg74_silent_halt", "thirdgen" }, { "isa/pg74", "pg74_raw_load", "thirdgen" },
        { "isa/pg74", "pg74_mode_read", "thirdgen" }, { "isa/pg74", "pg74_free_return", "thirdgen" },
        { "isa/riscv", "rv32", "s_in_u" }, { "isa/riscv", "rv32", "umode" }, { "isa/riscv", "rv64", "s_in_u" }, { "isa/riscv", "rv64", "umode" },
        { "isa/riscvh", "rv32h", "h" }, { "isa/riscvh", "rv32h", "umode" }, { "isa/riscvh", "rv64h", "h" }, { "isa/riscvh", "rv64h", "umode" },
    };

    [Theory]
    [MemberData(nameof(Committed))]
    public void TheVerdictIsTheCommittedOne(string folder, string isa, string profile)
    {
        Analysed spec = Analysed.Folder(folder)[isa];
        string path = $"isa/expected/{Expectation.FileName(spec.Model, spec.Profile(profile))}";
        Assert.Empty(Expectation.Check(spec.Model, spec.Profile(profile), path, Repository.Read(path)).Select(d => d.ToString()));
    }

    [Theory]
    [InlineData("theorem 1: fails", "theorem 1: holds", "says theorem 1: holds")]
    [InlineData("HALT 1 (I { op = 0x13, rd = 0, ra = 0, disp = 0 }): critical; control", "HALT 1 (I { op = 0x13, rd = 0, ra = 0, disp = 0 }): privileged; control", "expects HALT 1")]
    [InlineData("LRB 1 (I { op = 0x11, rd = 0, zero = 0 }): privileged; control\n", "", "expects it to be innocuous")]
    [InlineData("theorem 2: fails\n", "theorem 2: fails\nADD 1 (F { op = 0x01, zero = 0 }): critical; mode\n    Why.\n", "expects ADD 1")]
    public void AnyChangeIsFound(string committed, string changed, string message)
    {
        Analysed spec = Analysed.Folder("isa/pg74")["pg74_silent_halt"];
        ProfileVerdict verdict = spec.Profile("thirdgen");
        string text = Expectation.Write(spec.Model, verdict, Expectation.Sentences(Repository.Read("isa/expected/pg74_silent_halt.thirdgen.txt")));
        committed = committed.Replace("(I { op = 0x11", "(F { op = 0x11", StringComparison.Ordinal);
        Assert.Contains(committed, text);
        IsaDiagnostic found = Assert.Single(Expectation.Check(spec.Model, verdict, "file.txt", text.Replace(committed, changed, StringComparison.Ordinal)));
        Assert.Equal("PG0006", found.Id);
        Assert.Contains(message, found.Message);
    }

    [Fact]
    public void ACriticalFormNeedsASentence()
    {
        Analysed spec = Analysed.Folder("isa/pg74")["pg74_silent_halt"];
        ProfileVerdict verdict = spec.Profile("thirdgen");
        IsaDiagnostic found = Assert.Single(Expectation.Check(spec.Model, verdict, "file.txt", Expectation.Write(spec.Model, verdict)));
        Assert.Contains("no reviewed sentence", found.Message);
        Assert.Contains("no verdict is committed", Assert.Single(Expectation.Check(spec.Model, verdict, "file.txt", null)).Message);
    }
}
