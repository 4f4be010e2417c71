using System.Globalization;
using Emulator.Testing;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Random programs on our machine and on QEMU's: registers, control and status registers, and memory must be the same after every block.</summary>
public sealed class ComparisonTests
{
    /// <summary>Instructions of an extension that are compared; <c>EMULATOR_RISCV_INSTRUCTIONS</c> gives another number.</summary>
    private static readonly int s_instructions = int.Parse(Environment.GetEnvironmentVariable("EMULATOR_RISCV_INSTRUCTIONS") ?? "1000000", CultureInfo.InvariantCulture);

    private const int CasesPerBlock = 8;

    public static TheoryData<int, string> Extensions
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (int xlen in (int[])[32, 64])
            {
                foreach (Extension extension in Extension.All.Where(e => RiscvWidth.Of(xlen).Metadata.Forms.Any(e.Has)))
                    data.Add(xlen, extension.Name);
            }

            return data;
        }
    }

    [QemuTheory]
    [MemberData(nameof(Extensions))]
    public async Task Random_programs_leave_what_they_leave_in_Qemu(int xlen, string name)
    {
        var width = RiscvWidth.Of(xlen);
        Extension extension = Extension.All.Single(e => e.Name == name);
        var sampler = new FormSampler(width);
        var generator = new BlockGenerator(width, sampler, extension, seed: xlen);
        var executed = new Dictionary<int, long>();
        long own = 0, all = 0;
        for (int batch = 0; own < s_instructions; batch++)
        {
            // Three quarters of what a block executes is of the extension.
            var image = new Image(width, generator.Next, (int)Math.Min((s_instructions - own) * 4 / 3, int.MaxValue), CasesPerBlock, seed: (1000 * xlen) + batch);
            (byte[] ours, long instructions) = OwnMachine.Run(width, image);
            byte[] theirs = await Qemu.RunAsync(width, image);
            string? difference = image.Differences(ours, theirs).FirstOrDefault();
            Assert.True(difference is null, difference);
            all += instructions;

            // A block that a trap ended early would not have executed what is counted.
            const uint EnvironmentCall = 11;
            Assert.All(Enumerable.Range(0, image.Cases.Count), number => Assert.Equal(EnvironmentCall, image.Cause(ours, number)));
            foreach (int form in image.Cases.SelectMany(block => block.Forms))
                executed[form] = executed.GetValueOrDefault(form) + 1;
            own = executed.Where(e => extension.Has(width.Metadata.Forms[e.Key])).Sum(e => e.Value);
        }

        int[] missing = [.. Enumerable.Range(0, width.Metadata.Forms.Count).Where(form => extension.Has(width.Metadata.Forms[form]) && !executed.ContainsKey(form))];
        Assert.True(missing.Length == 0, $"never executed: {string.Join(", ", missing.Select(form => width.Metadata.Forms[form].Instruction))}");
        TestReport.Write($"riscv-qemu-rv{xlen}-{name}", string.Create(CultureInfo.InvariantCulture,
            $"rv{xlen} {name}: {own:N0} instructions of {generator.Own.Count()} forms, {all:N0} in all, identical registers, CSRs and memory{string.Concat(extension.Left(width.Metadata).Select(left => "\nnot compared: " + left))}"));
    }

    /// <summary>The comparison is worth nothing if it does not see a single bit.</summary>
    [Fact]
    public void A_single_bit_is_seen()
    {
        var width = RiscvWidth.Rv64;
        var image = new Image(width, new BlockGenerator(width, new FormSampler(width), Extension.All[0], seed: 1).Next, 1_000, CasesPerBlock, seed: 1);
        (byte[] memory, _) = OwnMachine.Run(width, image);
        Assert.Empty(image.Differences(memory, memory));
        int last = image.Cases.Count - 1;
        foreach ((int offset, string part) in ((int, string)[])
            [(image.Layout.ResultOffset(0) + 8, "x1 "), (image.Layout.ResultOffset(last) + (8 * 31) + 7, "x31"), (image.Layout.ResultOffset(last) + (8 * (32 + image.Layout.FloatWords)), "mcause"), ((int)(Layout.Data - Layout.Base), "memory at 80010000")])
        {
            byte[] changed = (byte[])memory.Clone();
            changed[offset] ^= 0x80;
            Assert.Contains(part, image.Differences(memory, changed).Single().Split('\n').Single(line => line.Contains("<--", StringComparison.Ordinal) || line.StartsWith("memory", StringComparison.Ordinal)));
        }
    }
}
