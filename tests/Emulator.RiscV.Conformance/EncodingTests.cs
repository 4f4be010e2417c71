using System.Globalization;
using Emulator.Testing;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>What there is and what there is not: encodings that are rejected, and the control and status registers, on our machine and on QEMU's.</summary>
public sealed class EncodingTests
{
    /// <summary>Counters, whose value is the number of instructions so far, or of cycles.</summary>
    private static readonly (int First, int Last)[] s_counting = [(0xB00, 0xB02), (0xB80, 0xB82), (0xC00, 0xC02), (0xC80, 0xC82)];

    /// <summary>Registers that differ, with the reason; those whose Xlen is 32 are there on RV32 alone. A line that explains nothing fails the test.</summary>
    private static readonly (int First, int Last, int Xlen, string Reason)[] s_reviewed =
    [
        (0x301, 0x301, 0, "misa: QEMU 7.2 does not know bit B, of the manual of 2024"),
        (0x312, 0x312, 32, "medelegh: QEMU 7.2 does not know it, of the manual of 2024"),
        (0x7A0, 0x7A4, 0, "debug triggers, which are not described here"),
        (0xB13, 0xB1F, 0, "QEMU 7.2 has performance counters 3 to 18 alone; the manual wants the others to be read-only zero at least"),
        (0xB93, 0xB9F, 32, "the same, high halves"),
        (0xC13, 0xC1F, 0, "the same, as user mode sees them"),
        (0xC93, 0xC9F, 32, "the same, high halves"),
        (0xF12, 0xF13, 0, "architecture and implementation: the maker's choice"),
    ];

    [QemuTheory]
    [InlineData(32)]
    [InlineData(64)]
    public async Task What_is_no_instruction_here_is_none_in_Qemu(int xlen)
    {
        var width = RiscvWidth.Of(xlen);
        var words = new RejectedWords(width, new FormSampler(width), seed: xlen);
        var image = new Image(width, words.Next, int.MaxValue, casesPerBlock: 1, seed: xlen);
        Assert.Empty(await Differing(width, image));
        TestReport.Write($"riscv-qemu-rv{xlen}-rejected", string.Create(CultureInfo.InvariantCulture, $"rv{xlen}: {image.Cases.Count:N0} encodings that are rejected raise the same exception with the same value in QEMU"));
    }

    [QemuTheory]
    [InlineData(32)]
    [InlineData(64)]
    public async Task The_same_registers_exist_and_read_the_same_after_a_reset(int xlen)
    {
        var width = RiscvWidth.Of(xlen);
        int[] numbers = [.. Enumerable.Range(0, 0x1000).Where(n => !s_counting.Any(r => n >= r.First && n <= r.Last))];
        int next = 0;
        var image = new Image(width, address =>
        {
            uint word = ((uint)numbers[next++] << 20) | 0x2573; // csrrs a0, number, zero
            return new Block(address, [.. FormSampler.Bytes(word, 4), .. FormSampler.Bytes(0x73, 4)], [-1]);
        }, numbers.Length, casesPerBlock: 1, seed: xlen);
        var differing = (await Differing(width, image)).Select(number => numbers[number]).ToHashSet();
        var reviewed = s_reviewed.Where(r => r.Xlen == 0 || r.Xlen == xlen).ToList();
        string[] unknown = [.. differing.Where(n => !reviewed.Any(r => n >= r.First && n <= r.Last)).Select(n => n.ToString("x3", CultureInfo.InvariantCulture))];
        Assert.True(unknown.Length == 0, string.Join(' ', unknown));
        Assert.All(reviewed, r => Assert.True(Enumerable.Range(r.First, r.Last - r.First + 1).All(differing.Contains), $"{r.First:x3} to {r.Last:x3} do not differ"));
        TestReport.Write($"riscv-qemu-rv{xlen}-csrs", $"rv{xlen}: {numbers.Length} numbers of control and status registers; {differing.Count} differ, all reviewed:\n"
            + string.Join('\n', reviewed.Select(r => $"{r.First:x3} to {r.Last:x3}: {r.Reason}")));
    }

    /// <summary>Numbers of the cases in which the machines differ.</summary>
    private static async Task<IReadOnlyList<int>> Differing(RiscvWidth width, Image image)
    {
        (byte[] ours, _) = OwnMachine.Run(width, image);
        return [.. image.DifferingCases(ours, await Qemu.RunAsync(width, image))];
    }
}
