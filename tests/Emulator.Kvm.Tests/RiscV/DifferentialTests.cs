using System.Globalization;
using System.Text;
using Emulator.Testing;

namespace Emulator.Kvm.Tests.RiscV;

/// <summary>Random programs of loads, stores and atomic operations exit in the same way bare and under the monitor, and leave the same registers and memory.</summary>
public sealed class DifferentialTests
{
    private const int Programs = 150, Instructions = 16, Seed = 20_252;

    [Theory, InlineData(64), InlineData(32)]
    public void Exits_registers_and_memory_agree(int xlen)
    {
        var exits = 0;
        for (var i = 0; i < Programs; i++)
        {
            var lines = Program(xlen, new Random(Seed + i));
            var bare = Trace($"{xlen}-bare", lines, Seed + i, out var count);
            exits += count;
            var monitored = Trace($"{xlen}-trap", lines, Seed + i, out _);
            Assert.True(bare == monitored, $"program {i}:\n{string.Join('\n', lines)}\nbare\n{bare}\nunder the monitor\n{monitored}");
        }

        TestReport.Write($"kvm-differential-rv{xlen}", $"{Programs} random programs with {exits} exits agree bare and under the monitor");
        Assert.True(exits > Programs * Instructions / 2);
    }

    private static string[] Program(int xlen, Random random)
    {
        string[] loads = xlen == 64 ? ["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "flw", "fld"] : ["lb", "lbu", "lh", "lhu", "lw", "flw", "fld"];
        string[] stores = xlen == 64 ? ["sb", "sh", "sw", "sd", "fsw", "fsd"] : ["sb", "sh", "sw", "fsw", "fsd"];
        string[] atomics = ["amoadd.w", "amoswap.w", "amoxor.w", "amomaxu.w"];
        var lines = new List<string>();
        for (var i = 0; i < Instructions; i++)
        {
            var (kind, integer) = (random.Next(4), $"a{random.Next(6)}");
            var load = loads[random.Next(loads.Length)];
            var store = stores[random.Next(stores.Length)];
            var address = Address(random);
            lines.AddRange(kind switch
            {
                0 => [$"li t0 {address}", $"{load} {(load[0] == 'f' ? $"fa{random.Next(4)}" : integer)}, {random.Next(8)}(t0)"],
                1 => [$"li t0 {address}", $"{store} {(store[0] == 'f' ? $"fa{random.Next(4)}" : integer)}, {random.Next(8)}(t0)"],
                2 => [$"li t0 {address & ~3u}", $"{atomics[random.Next(atomics.Length)]} {integer}, a{random.Next(6)}, (t0)"],
                _ => (string[])[$"li t0 {address & ~3u}", $"lr.w {integer}, (t0)", $"sc.w a{random.Next(6)}, {integer}, (t0)"],
            });
        }

        lines.Add($"sbi {RiscVGuest.Mine} 0");
        return [.. lines];
    }

    /// <summary>An address in RAM, around its end, in the hole, or around a page boundary there.</summary>
    private static uint Address(Random random) => random.Next(4) switch
    {
        0 => RiscVGuest.Data + (uint)random.Next(0x800),
        1 => RiscVGuest.Ram + RiscVGuest.RamSize - 16 + (uint)random.Next(16),
        2 => RiscVGuest.Hole + (uint)random.Next(0x3000),
        _ => RiscVGuest.Hole + 0x1000 - 8 + (uint)random.Next(8),
    };

    /// <summary>What happened, as text: a line per access, then the state at the end.</summary>
    private static string Trace(string on, string[] lines, int seed, out int exits)
    {
        using var guest = new RiscVGuest(on);
        guest.Load(lines);
        guest.SetCsr(KvmRiscV.Sstatus, 1 << 13);
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);
        guest.Put(RiscVGuest.Handler, $"sbi {RiscVGuest.Mine} 1");
        var random = new Random(seed);
        for (uint i = 0; i < 0x800; i++)
            guest.Write(RiscVGuest.Data + i, (byte)random.Next(256));
        for (ulong i = 10; i < 16; i++)
            guest.SetX((int)i, (ulong)random.NextInt64());
        var text = new StringBuilder();
        for (exits = 0; guest.Run() == KvmExitReason.Mmio; exits++)
        {
            ref var mmio = ref guest.Shared.Mmio;
            if (mmio.IsWrite == 0)
                mmio.Data = (ulong)random.NextInt64();
            text.Append(CultureInfo.InvariantCulture, $"{(mmio.IsWrite == 0 ? "read" : "write")} {mmio.PhysAddr:x} {mmio.Len} {mmio.Data & (ulong.MaxValue >> (int)(64 - 8 * mmio.Len)):x}\n");
        }

        Assert.Equal((KvmExitReason.RiscVSbi, 0ul), (guest.Exit, guest.Shared.RiscVSbi.FunctionId));
        for (var i = 0; i < 32; i++)
            text.Append(CultureInfo.InvariantCulture, $"{guest.X(i):x} {guest.Vcpu.GetOneReg(KvmRiscV.FpD64 | (uint)i):x}\n");
        return text.Append(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(guest.Memory.AsSpan(0, (int)RiscVGuest.RamSize)))).ToString();
    }
}
