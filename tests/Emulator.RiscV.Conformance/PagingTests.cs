using System.Globalization;
using Emulator.Testing;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Address translation on our machine and on QEMU's: results, exceptions with their values, and the tables afterwards, with accessed and dirty bits.</summary>
public sealed class PagingTests
{
    [QemuTheory]
    [InlineData(32)]
    [InlineData(64)]
    public async Task Random_page_tables_translate_alike(int xlen)
    {
        var width = RiscvWidth.Of(xlen);
        var blocks = new PagingBlocks(width, seed: xlen);
        var image = new Image(width, blocks.Next, 30_000, casesPerBlock: 1, seed: xlen);
        blocks.Fill(image);
        (byte[] ours, _) = OwnMachine.Run(width, image);
        string? difference = image.Differences(ours, await Qemu.RunAsync(width, image)).FirstOrDefault();
        Assert.True(difference is null, difference);

        var causes = new SortedDictionary<uint, int>();
        for (int number = 0; number < image.Cases.Count; number++)
        {
            uint cause = image.Cause(ours, number);
            causes[cause] = causes.GetValueOrDefault(cause) + 1;
        }

        // Accesses and fetches that come to their end, and every page fault and access fault.
        Assert.Superset(new HashSet<uint> { 1, 5, 7, 8, 9, 11, 12, 13, 15 }, causes.Keys.ToHashSet());
        TestReport.Write($"riscv-qemu-rv{xlen}-paging", string.Create(CultureInfo.InvariantCulture,
            $"rv{xlen}: {image.Cases.Count:N0} accesses through random page tables, identical results, exceptions and tables; by cause: {string.Join(", ", causes.Select(c => $"{c.Key}: {c.Value:N0}"))}"));
    }
}
