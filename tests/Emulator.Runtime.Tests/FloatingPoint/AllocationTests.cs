using Emulator.Testing;

namespace Emulator.Runtime.Tests.FloatingPoint;

/// <summary>Floating-point operations stand on execution paths: they allocate nothing.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 2000;

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void NothingIsAllocated(int bits)
    {
        var operands = new FloatOperands(new Random(1), bits);
        (ulong A, ulong B, ulong C)[] cases = [.. Enumerable.Range(0, Rounds).Select(_ => operands.Next())];
        FloatOperation[] operations = Enum.GetValues<FloatOperation>();
        ulong sum = Execute(bits, operations, cases);
        long before = GC.GetAllocatedBytesForCurrentThread();
        sum -= Execute(bits, operations, cases);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0ul, sum);
    }

    private static ulong Execute(int bits, FloatOperation[] operations, (ulong A, ulong B, ulong C)[] cases)
    {
        ulong sum = 0;
        foreach (FloatOperation operation in operations)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                uint rounding = (uint)(i % 5);
                sum += FloatOperations.Own(bits, operation, cases[i].A, cases[i].B, cases[i].C, rounding, out uint own);
                sum += FloatOperations.Called(bits, operation, cases[i].A, cases[i].B, cases[i].C, rounding, out uint called) + own + called;
            }
        }

        return sum;
    }
}
