using Emulator.Runtime.FloatingPoint;
using Emulator.Testing;
using Xunit.Abstractions;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>
/// Floating-point operations under the rules of Arm against QEMU's AArch64: tininess before rounding, NaNs of both kinds (FPCR.DN), saturating conversions, and the
/// fifth rounding mode where Arm has it.
/// </summary>
public sealed class ArmFloatTests(ITestOutputHelper output)
{
    private const int Batch = 8192;
    private const int Batches = 4;
    private const uint Rules = FloatRules.TinyBeforeRounding | FloatRules.NanToZero;
    private const uint DefaultNan = 1u << 25;

    /// <summary>FPCR.RMode by our rounding mode.</summary>
    private static readonly uint[] Control = [0, 3 << 22, 2 << 22, 1 << 22];

    /// <summary>The letter of a conversion by our rounding mode.</summary>
    private static readonly string[] Letters = ["n", "z", "m", "p", "a"];

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Operations_agree_with_Arms(int bits)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (ArmProgram.Programs.FirstOrDefault(p => !folders.Any(f => File.Exists(Path.Combine(f, p)))) is { } missing)
        {
            Assert.False(Repository.IsCi, missing + " is not installed");
            output.WriteLine($"skipped: {20 * Batches * Batch} cases: {missing} is not installed");
            return;
        }

        var operands = new FloatOperands(new Random(64 - bits), bits);
        var cases = new FloatCase[Batch];
        var replies = new ArmReply[Batch];
        var wrong = new List<string>();
        int count = 0;
        using var arm = new ArmProgram();
        foreach ((string text, bool integer, Operation ours, uint rounding) in Instructions(bits))
        {
            int shown = 0;
            for (int batch = 0; batch < Batches; batch++)
            {
                for (int i = 0; i < Batch; i++)
                {
                    (ulong a, ulong b, ulong c) = operands.Next();
                    if (text.StartsWith("scvtf", StringComparison.Ordinal) || text.StartsWith("ucvtf", StringComparison.Ordinal)) a = operands.Integer();
                    cases[i] = new FloatCase { A = a, B = b, C = c, Control = Control[i & 3] | ((i & 4) != 0 ? DefaultNan : 0) };
                }

                arm.Execute(text, cases, replies);
                for (int i = 0; i < Batch; i++)
                {
                    count++;
                    uint rules = Rules | (rounding == Dynamic ? (uint)i & 3 : rounding) | ((i & 4) != 0 ? 0 : FloatRules.NanSignallingFirst);
                    ulong value = ours(cases[i].A, cases[i].B, cases[i].C, rules, out uint flags);
                    flags &= ~FloatFlags.DenormalOperand;
                    ulong theirs = integer ? replies[i].Integer : replies[i].Float;
                    if (value == theirs && flags == Flags(replies[i].Status)) continue;
                    if (shown++ < 3) wrong.Add($"{text}, rules {rules:x}: {cases[i].A:x}, {cases[i].B:x}, {cases[i].C:x} gives {theirs:x} ({Flags(replies[i].Status):x}); ours {value:x} ({flags:x})");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        TestReport.Write($"floats-arm{bits}", $"{count} operations of {bits} bits under Arm's rules, results and exceptions as in QEMU's AArch64");
    }

    private const uint Dynamic = 8;

    private delegate ulong Operation(ulong a, ulong b, ulong c, uint rules, out uint flags);

    /// <summary>Instructions, whether the result is in x0, what we do, and the rounding mode (dynamic: that of FPCR).</summary>
    private static IEnumerable<(string Text, bool Integer, Operation Ours, uint Rounding)> Instructions(int bits)
    {
        string r = bits == 64 ? "d" : "s", other = bits == 64 ? "s" : "d";
        FloatFormat f = bits == 64 ? FloatFormat.Binary64 : FloatFormat.Binary32;
        foreach ((string text, FloatOperation operation) in ((string, FloatOperation)[])
            [
                ($"fadd {r}0, {r}1, {r}2", FloatOperation.Add), ($"fsub {r}0, {r}1, {r}2", FloatOperation.Subtract), ($"fmul {r}0, {r}1, {r}2", FloatOperation.Multiply),
                ($"fdiv {r}0, {r}1, {r}2", FloatOperation.Divide), ($"fsqrt {r}0, {r}1", FloatOperation.Root), ($"fmadd {r}0, {r}1, {r}2, {r}3", FloatOperation.Fused),
                ($"fcvt {other}0, {r}1", FloatOperation.Convert), ($"scvtf {r}0, x1", FloatOperation.From64),
            ])
        {
            yield return (text, false, (ulong a, ulong b, ulong c, uint rules, out uint flags) => FloatOperations.Own(bits, operation, a, b, c, rules, out flags), Dynamic);
            yield return (text, false, (ulong a, ulong b, ulong c, uint rules, out uint flags) => FloatOperations.Called(bits, operation, a, b, c, rules, out flags), Dynamic);
        }

        yield return ($"ucvtf {r}0, x1", false, (ulong a, ulong b, ulong c, uint rules, out uint flags) => SoftFloat.FromInteger(f, a, false, rules, out flags), Dynamic);
        yield return ($"fcvt h0, {r}1", false, (ulong a, ulong b, ulong c, uint rules, out uint flags) => SoftFloat.Convert(f, FloatFormat.Binary16, a, rules, out flags), Dynamic);
        yield return ($"fcvt {r}0, h1", false, (ulong a, ulong b, ulong c, uint rules, out uint flags) => SoftFloat.Convert(FloatFormat.Binary16, f, a, rules, out flags), Dynamic);
        yield return ($"fcmp {r}1, {r}2\nmrs x0, nzcv", true, (ulong a, ulong b, ulong c, uint rules, out uint flags) => Condition(SoftFloat.Compare(f, a, b, false, out flags)), Dynamic);
        yield return ($"fcmpe {r}1, {r}2\nmrs x0, nzcv", true, (ulong a, ulong b, ulong c, uint rules, out uint flags) => Condition(SoftFloat.Compare(f, a, b, true, out flags)), Dynamic);
        for (uint rounding = 0; rounding < 5; rounding++)
        {
            foreach (int width in (int[])[32, 64])
            {
                foreach (bool signed in (bool[])[true, false])
                {
                    ulong mask = ulong.MaxValue >> (64 - width);
                    yield return ($"fcvt{Letters[rounding]}{(signed ? "s" : "u")} {(width == 64 ? "x" : "w")}0, {r}1", true,
                        (ulong a, ulong b, ulong c, uint rules, out uint flags) => SoftFloat.ToInteger(f, a, width, signed, rules, out flags) & mask, rounding);
                }
            }
        }
    }

    /// <summary>The relation as NZCV.</summary>
    private static ulong Condition(uint relation) => (ulong)(relation switch { 0 => 6, 1 => 8, 2 => 2, _ => 3 }) << 28;

    private static uint Flags(ulong status) =>
        ((status & 1) != 0 ? FloatFlags.Invalid : 0) | ((status & 2) != 0 ? FloatFlags.DivideByZero : 0) | ((status & 4) != 0 ? FloatFlags.Overflow : 0)
        | ((status & 8) != 0 ? FloatFlags.Underflow : 0) | ((status & 16) != 0 ? FloatFlags.Inexact : 0);
}
