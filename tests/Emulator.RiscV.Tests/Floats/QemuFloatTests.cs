using Emulator.Testing;

namespace Emulator.RiscV.Tests.Floats;

/// <summary>Every floating-point instruction in every rounding mode against QEMU: results, NaN boxes, exceptions, on operands where something happens.</summary>
public sealed class QemuFloatTests
{
    private const int RecordsPerInstruction = 8000;

    [QemuTheory("1.4 million floating-point instructions")]
    [InlineData(32)]
    [InlineData(64)]
    public void InstructionsDoWhatQemuDoes(int xlen)
    {
        var random = new Random(1985 + xlen);
        FloatOperands singles = new(random, 32), doubles = new(random, 64);
        var records = new FloatRecord[RecordsPerInstruction];
        var wrong = new List<string>();
        int executed = 0, instructions = 0;
        using var program = new FloatProgram(xlen);
        foreach ((string name, uint word, uint second, bool single, bool integer) in FloatInstructions.All(xlen))
        {
            for (int i = 0; i < records.Length; i++) records[i] = Next(random, single ? singles : doubles, single, integer);
            (FloatResult[] ours, FloatResult[] qemu) = program.Execute(word, second, records);
            instructions++;
            executed += records.Length;
            int shown = 0;
            for (int i = 0; i < records.Length && shown < 3; i++)
            {
                if (ours[i] == qemu[i]) continue;
                FloatRecord r = records[i];
                wrong.Add($"{name}: {r.A1:x16}, {r.A2:x16}, {r.A3:x16}, t1 {r.T1:x}, fcsr {r.Fcsr:x}: QEMU {qemu[i]}; ours {ours[i]}");
                shown++;
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(60)));
        TestReport.Write($"floats-rv{xlen}", $"{executed} executions of {instructions} floating-point instructions (each rounding mode is one), fcsr and registers as in QEMU");
    }

    private static FloatRecord Next(Random random, FloatOperands operands, bool single, bool integer)
    {
        (ulong a, ulong b, ulong c) = operands.Next();
        return new FloatRecord
        {
            A1 = Boxed(random, a, single),
            A2 = Boxed(random, b, single),
            A3 = Boxed(random, c, single),
            A0 = (ulong)random.NextInt64(),
            T1 = integer ? operands.Integer() : a,
            Fcsr = (ulong)(random.Next(5) << 5 | random.Next(32) & random.Next(32)),
        };
    }

    /// <summary>A single-precision number in its box, which is broken now and then.</summary>
    private static ulong Boxed(Random random, ulong value, bool single)
    {
        if (!single) return value;
        ulong box = 0xFFFF_FFFF_0000_0000;
        if (random.Next(20) == 0) box = random.Next(3) switch { 0 => 0, 1 => box ^ (1ul << random.Next(32, 64)), _ => (ulong)random.NextInt64() & box };
        return value | box;
    }
}
