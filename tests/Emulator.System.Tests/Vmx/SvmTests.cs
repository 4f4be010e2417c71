using Emulator.System.Tests.Machines;
using Emulator.System.Tests.Results;
using Emulator.Testing;
using Xunit;

namespace Emulator.System.Tests.Vmx;

/// <summary>The guest hypervisor of tests/guests/svm in emulators that have SVM, against what the manual demands. Ours has none yet: these keep the program right.</summary>
public sealed class SvmTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [BochsFact]
    public async Task Bochs_does_what_the_manual_says_but_for_the_reviewed_list() =>
        Compare("svm-bochs", await Bochs.RunAsync(await File.ReadAllBytesAsync(GuestPrograms.PathOf("svm.img")), "ryzen", Patience), "svm-bochs-differences.txt");

    [QemuFact]
    public async Task Qemu_does_what_the_manual_says_but_for_the_reviewed_list()
    {
        var image = await File.ReadAllBytesAsync(GuestPrograms.PathOf("svm.elf"));
        var (text, exitCode) = await Qemu.RunAsync(image, "-cpu", "qemu64,+svm,+npt,-lm,-syscall", "-m", "64");
        Compare("svm-qemu", text, "svm-qemu-differences.txt");
        Assert.Equal(1, exitCode);
    }

    private static void Compare(string report, string text, string list)
    {
        var manual = VmxTranscript.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "svm-manual.txt")));
        var comparison = new VmxComparison(manual, VmxTranscript.Parse(text), ReviewedDifferences.Read(list));
        TestReport.Write(report, comparison.Summary);
        Assert.Empty(comparison.Problems);
    }
}
