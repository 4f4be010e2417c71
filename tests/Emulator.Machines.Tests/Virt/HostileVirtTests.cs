using Emulator.Testing.RiscV;

namespace Emulator.Machines.Tests.Virt;

/// <summary>Guests that do anything at all: nothing throws, nothing hangs, and all ways of executing agree. Seeds are fixed.</summary>
public sealed class HostileVirtTests
{
    private const long Budget = 50_000;

    /// <summary>Addresses random accesses like: every device, memory, and the gaps between.</summary>
    private static readonly ulong[] s_places = [VirtMap.Test + 8, VirtMap.Rtc, VirtMap.Clint, VirtMap.Clint + 0x4000, VirtMap.Clint + 0xBFF8, VirtMap.Plic, VirtMap.Plic + 0x2000, VirtMap.Plic + 0x20_0000,
        VirtMap.Uart, VirtMap.Virtio, VirtMap.Virtio + 0x1000, VirtMap.Virtio + 0x7000, VirtMap.Ram, VirtMap.Rom];

    [Fact]
    public void Random_device_accesses_do_no_harm()
    {
        for (int seed = 0; seed < 4; seed++)
        {
            using VirtGuest guest = VirtGuest.Program(64, b => (b.Harts, b.Disk) = (2, new ImageFile("disk", new byte[65536])), "spin:", "jal zero, {spin}");
            var random = new Random(seed);
            for (int i = 0; i < 20_000; i++)
            {
                ulong address = s_places[random.Next(s_places.Length)] + (ulong)random.Next(random.Next(4) == 0 ? 0x1000 : 0x100);
                int size = 1 << random.Next(4);
                if (random.Next(3) == 0)
                    guest.Machine.Memory.Read(address, size);
                else
                    guest.Machine.Memory.Write(address, size, (ulong)random.NextInt64() & (random.Next(2) == 0 ? 0xFF : ulong.MaxValue));
                if (i % 50 == 0)
                    guest.Machine.Run(random.Next(5_000));
            }
        }
    }

    /// <summary>Random instructions as code: blocks, single steps, and pieces with snapshots between them must end in the same state, whatever they do.</summary>
    [Theory]
    [InlineData(32, 1)]
    [InlineData(64, 1)]
    [InlineData(64, 3)]
    public void Random_code_executes_alike_in_blocks_step_by_step_and_through_snapshots(int xlen, int harts)
    {
        var ends = new Dictionary<VirtEnd, int>();
        for (int seed = 0; seed < 20; seed++)
        {
            (VirtEnd End, long Instructions, string Hash) blocks = RunRandom(xlen, harts, seed, step: false, Budget);
            (VirtEnd End, long Instructions, string Hash) steps = RunRandom(xlen, harts, seed, step: true, Budget);
            (VirtEnd End, long Instructions, string Hash) pieces = RunRandom(xlen, harts, seed, step: false, 7_777 + seed);
            Assert.True(blocks == steps, $"seed {seed}: blocks end {blocks}, steps end {steps}");
            Assert.True(blocks == pieces, $"seed {seed}: in one piece it ends {blocks}, in several {pieces}");
            ends[blocks.End] = ends.GetValueOrDefault(blocks.End) + 1;
        }

        Assert.True(ends.GetValueOrDefault(VirtEnd.Budget) > 5, string.Join(' ', ends));
        Assert.False(ends.ContainsKey(VirtEnd.TrapStorm), string.Join(' ', ends));
    }

    private static (VirtEnd End, long Instructions, string Hash) RunRandom(int xlen, int harts, int seed, bool step, long piece)
    {
        var random = new Random(seed);
        var code = new byte[0x10000];
        random.NextBytes(code);

        // Registers point at memory and devices; traps lead back into the random bytes, past the instruction that faulted.
        var lines = new List<string> { "auipc t0, 0x0", "addi t0, t0, 512", "csrrw zero, mtvec, t0", "csrrwi zero, mie, 0x8", "csrrwi zero, mstatus, 0x8" };
        for (int register = 5; register < 32; register++)
        {
            ulong place = s_places[register % s_places.Length];
            lines.Add($"lui {Name(register)}, 0x{(place >> 12) & 0xFFFFF:x}");
        }

        byte[] start = RiscvCode.Assemble(xlen, VirtMap.Ram, [.. lines]);
        byte[] handler = RiscvCode.Assemble(xlen, VirtMap.Ram + 512, "csrrs ra, mepc, zero", "addi ra, ra, 4", "csrrw zero, mepc, ra", "mret");
        start.CopyTo(code, 0);
        handler.CopyTo(code, 512);
        var builder = new VirtBuilder
        {
            Xlen = xlen, Harts = harts, MemorySize = 8 << 20, SingleStep = step, Kernel = new ImageFile("random", code), Disk = new ImageFile("disk", new byte[65536]),
        };
        VirtGuest guest = VirtGuest.Of(builder);
        VirtRun run = guest.Machine.Run(piece);
        while (run.End == VirtEnd.Budget && guest.Machine.Instructions < Budget)
        {
            var snapshot = new MemoryStream();
            guest.Machine.Save(snapshot);
            guest.Dispose();
            guest = VirtGuest.Of(builder);
            snapshot.Position = 0;
            Assert.Null(guest.Machine.Restore(snapshot));
            run = guest.Machine.Run(Math.Min(piece, Budget - guest.Machine.Instructions));
        }

        using (guest)
            return (run.End, guest.Machine.Instructions, guest.Machine.HashState());
    }

    private static string Name(int register) =>
        "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".Split(' ')[register];
}
