using System.Diagnostics;
using Emulator.Testing;

namespace Emulator.Kvm.Tests;

/// <summary>How long an exit and its answer take; reported, not judged.</summary>
public sealed class SpeedTests
{
    public static TheoryData<string> All => Implementations.All;

    [Theory, MemberData(nameof(All))]
    public void Many_exits_come_in_order(string on)
    {
        const int Exits = 20_000;
        using var guest = new Guest(on);
        guest.Load(32, "inc eax", "out 0x10, eax", "jmp 0x1000");
        var start = Stopwatch.GetTimestamp();
        for (var i = 1; i <= Exits; i++)
        {
            Assert.True(guest.Vcpu.Run());
            if (i != System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(guest.PortData))
                Assert.Fail($"exit {i} has the data of another");
        }

        TestReport.Write($"kvm-exits-{on}", $"{Exits} exits of OUT, {Stopwatch.GetElapsedTime(start).TotalMicroseconds / Exits:f2} us each");
    }
}
