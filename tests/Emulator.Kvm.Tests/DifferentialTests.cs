using System.Text;
using Emulator.Testing;

namespace Emulator.Kvm.Tests;

/// <summary>Random programs exit in the same way on every implementation, and leave the same registers and memory.</summary>
public sealed class DifferentialTests
{
    private const int Programs = 400, Instructions = 12, Seed = 20_251;

    // Arithmetic and direction flags but AF, which logic leaves undefined, and IF.
    private const ulong DefinedFlags = 0xEC5;

    [Fact]
    public void Exits_registers_and_memory_agree()
    {
        var names = ((IEnumerable<object[]>)Implementations.All).Select(row => (string)row[0]).ToArray();
        var exits = 0;
        for (var i = 0; i < Programs; i++)
        {
            var program = new AccessPrograms(new Random(Seed + i)).Next(Instructions);
            var expected = Trace(names[^1], program, Seed + i, out var count);
            exits += count;
            foreach (var name in names[..^1])
                Assert.True(expected == Trace(name, program, Seed + i, out _), $"program {i} ({Convert.ToHexString(program)}) on {names[^1]}:\n{expected}\non {name}:\n{Trace(name, program, Seed + i, out _)}");
        }

        TestReport.Write("kvm-differential", $"{Programs} random programs with {exits} exits agree on: {string.Join(", ", names)}");
        Assert.True(exits > Programs * Instructions / 2);
    }

    /// <summary>What happened, as text: a line per element or access, then the state at HLT.</summary>
    private static string Trace(string on, byte[] program, int seed, out int exits)
    {
        using var guest = new Guest(on);
        guest.UseSupportedCpuid();
        guest.Load(32, "hlt");
        guest.Write(Guest.Code, program);
        var random = new Random(seed);
        for (uint address = 0x4000; address < 0x4800; address++)
            guest.Write(address, [(byte)random.Next(256)]);
        for (var address = Guest.RamSize - 16; address < Guest.RamSize; address++)
            guest.Write(address, [(byte)random.Next(256)]);
        guest.Vcpu.SetRegs(new KvmRegs { Rax = 0x01020304, Rbx = 0x11121314, Rcx = 0x21222324, Rdx = 0x31323334, Rip = Guest.Code, Rsp = Guest.Stack, Rflags = 2 });
        var text = new StringBuilder();
        exits = 0;
        while (guest.Run() is KvmExitReason.Io or KvmExitReason.Mmio)
        {
            ref var run = ref guest.Shared;
            if (run.ExitReason == KvmExitReason.Mmio)
            {
                exits++;
                if (run.Mmio.IsWrite == 0)
                    run.Mmio.Data = (ulong)random.NextInt64();
                var data = run.Mmio.Data & (ulong.MaxValue >> (int)(64 - 8 * run.Mmio.Len));
                text.Append($"{(run.Mmio.IsWrite == 0 ? "read" : "write")} {run.Mmio.PhysAddr:x} {run.Mmio.Len} {data:x} {run.IfFlag}\n");
                continue;
            }

            for (var i = 0; i < run.Io.Count; i++)
            {
                exits++;
                var element = guest.PortData.Slice(i * run.Io.Size, run.Io.Size);
                if (run.Io.Direction == KvmRunIo.In)
                {
                    for (var b = 0; b < element.Length; b++)
                        element[b] = (byte)random.Next(256);
                }

                text.Append($"{(run.Io.Direction == KvmRunIo.In ? "in" : "out")} {run.Io.Port:x} {Convert.ToHexString(element)} {run.IfFlag}\n");
            }
        }

        var regs = guest.Regs;
        text.Append($"{guest.Exit} at {regs.Rip:x}: {regs.Rax:x} {regs.Rbx:x} {regs.Rcx:x} {regs.Rdx:x} {regs.Rsi:x} {regs.Rdi:x} {regs.Rsp:x} {regs.Rflags & DefinedFlags:x}\n");
        text.Append(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(guest.Ram.AsSpan(0x2000, (int)Guest.RamSize - 0x2000))));
        return text.ToString();
    }
}
