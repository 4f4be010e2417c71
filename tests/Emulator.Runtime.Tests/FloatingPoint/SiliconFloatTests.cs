using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Emulator.Runtime.FloatingPoint;
using Emulator.Testing;
using Xunit.Abstractions;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>
/// Floating-point operations against the processor the tests run on, in its four rounding modes, with results (NaNs too) and exceptions: our own arithmetic and
/// what specs call, which takes the host's where it may.
/// </summary>
public sealed class SiliconFloatTests(ITestOutputHelper output)
{
    private const int Batch = 8192;
    private const int BatchesPerOperation = 16;

    /// <summary>x86's choices.</summary>
    private const uint Rules = FloatRules.NanFirst | FloatRules.DefaultNanNegative | FloatRules.InvalidProductQuiet | FloatRules.IntegerIndefinite;

    /// <summary>MXCSR.RC by our rounding mode.</summary>
    private static readonly uint[] Control = [0x1F80, 0x7F80, 0x3F80, 0x5F80];

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void Operations_agree_with_the_processor(int bits)
    {
        string? missing = GuestPrograms.Folder is null ? GuestPrograms.Reason : Fma.IsSupported ? null : "the processor has no fused multiplication (x86, FMA)";
        if (missing is not null)
        {
            Assert.False(Repository.IsCi, missing);
            output.WriteLine($"skipped: {Enum.GetValues<FloatOperation>().Length * BatchesPerOperation * Batch} cases: " + missing);
            return;
        }

        var random = new Random(4 + bits);
        var operands = new FloatOperands(random, bits);
        var cases = new FloatCase[Batch];
        var replies = new FloatReply[Batch];
        var wrong = new List<string>();
        int count = 0;
        using Process process = Process.Start(new ProcessStartInfo(GuestPrograms.PathOf("floats")) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        foreach (FloatOperation operation in Enum.GetValues<FloatOperation>())
        {
            for (int batch = 0; batch < BatchesPerOperation; batch++)
            {
                for (int i = 0; i < Batch; i++)
                {
                    (ulong a, ulong b, ulong c) = operands.Next();
                    if (operation == FloatOperation.From64) a = operands.Integer();
                    cases[i] = new FloatCase { A = a, B = b, C = c, Operation = (uint)operation | (bits == 32 ? FloatCase.Single : 0), Control = Control[i & 3] };
                }

                Exchange(process, cases, replies);
                for (int i = 0; i < Batch; i++)
                {
                    count++;
                    string? difference = Compare(bits, operation, (uint)i & 3, cases[i], replies[i]);
                    if (difference is not null && wrong.Count(w => w.StartsWith($"{operation} ", StringComparison.Ordinal)) < 5) wrong.Add(difference);
                }
            }
        }

        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        TestReport.Write($"floats{bits}", $"{count} operations of {bits} bits, each computed twice, agree with the processor in result and exceptions");
    }

    private static void Exchange(Process process, FloatCase[] cases, FloatReply[] replies)
    {
        int count = cases.Length;
        Stream to = process.StandardInput.BaseStream;
        to.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref count)));
        to.Write(MemoryMarshal.AsBytes<FloatCase>(cases));
        to.Flush();
        process.StandardOutput.BaseStream.ReadExactly(MemoryMarshal.AsBytes(replies.AsSpan()));
    }

    private static string? Compare(int bits, FloatOperation operation, uint rounding, in FloatCase c, in FloatReply reply)
    {
        uint rules = Rules | rounding;
        ulong value = operation is FloatOperation.Compare or FloatOperation.CompareSignalling ? Relation(reply.Value) : reply.Value;
        uint flags = Flags(reply.Status);
        ulong own = FloatOperations.Own(bits, operation, c.A, c.B, c.C, rules, out uint ownFlags);
        ulong called = FloatOperations.Called(bits, operation, c.A, c.B, c.C, rules, out uint calledFlags);
        if (own == value && called == value && ownFlags == flags && calledFlags == flags) return null;
        return $"{operation} of {bits} bits, rounding {rounding}: {c.A:x}, {c.B:x}, {c.C:x} gives {value:x} ({flags:x}); ours {own:x} ({ownFlags:x}), called {called:x} ({calledFlags:x})";
    }

    /// <summary>The relation that ZF, PF and CF say.</summary>
    private static ulong Relation(ulong eflags) => (eflags & 0x45) switch { 0x45 => 3, 0x40 => 0, 0x01 => 1, _ => 2 };

    /// <summary>The exceptions of MXCSR: invalid, denormal, division by zero, overflow, underflow, precision.</summary>
    private static uint Flags(uint status) =>
        ((status & 1) != 0 ? FloatFlags.Invalid : 0) | ((status & 2) != 0 ? FloatFlags.DenormalOperand : 0) | ((status & 4) != 0 ? FloatFlags.DivideByZero : 0)
        | ((status & 8) != 0 ? FloatFlags.Overflow : 0) | ((status & 16) != 0 ? FloatFlags.Underflow : 0) | ((status & 32) != 0 ? FloatFlags.Inexact : 0);
}
