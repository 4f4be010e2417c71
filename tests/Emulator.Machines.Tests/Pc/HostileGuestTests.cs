using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Machines.Tests.Pc;

/// <summary>Guests that do anything at all: nothing throws, nothing hangs, and both ways of executing agree. Seeds are fixed.</summary>
public sealed class HostileGuestTests
{
    private const long Budget = 50_000;

    [Fact]
    public void Random_port_accesses_do_no_harm()
    {
        for (int seed = 0; seed < 4; seed++)
        {
            using Guest guest = Guest.Kernel(c => c.jmp(c.Here()), b => b.WallClock = false);
            var random = new Random(seed);
            ushort[] known = [0x20, 0x21, 0xA0, 0xA1, 0x40, 0x42, 0x43, 0x60, 0x61, 0x64, 0x70, 0x71, 0x92, 0xCF8, 0xCF9, 0xCFC, 0x510, 0x511, 0x514, 0x518, 0x3F8, 0x3C0, 0x3D4, 0x4D0, 0xB2];
            for (int i = 0; i < 10_000; i++)
            {
                ulong port = random.Next(4) == 0 ? (ulong)random.Next(0x10000) : (ulong)(known[random.Next(known.Length)] + random.Next(8));
                int size = 1 << random.Next(3);
                if (random.Next(3) == 0)
                    guest.Machine.Ports.Read(port, size);
                else
                    guest.Machine.Ports.Write(port, size, port == 0xCF8 && random.Next(2) == 0 ? 0x8000_0000u | (uint)random.Next(0x1000) : (ulong)random.NextInt64());
                if (i % 50 == 0)
                    guest.Run(random.Next(10_000));
            }
        }
    }

    [Fact]
    public void Random_video_memory_accesses_do_no_harm()
    {
        using Guest guest = Guest.Kernel(c => c.jmp(c.Here()));
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            if (random.Next(3) == 0)
                guest.Machine.Ports.Write((ulong)(0x3B0 + random.Next(0x30)), 1, (ulong)random.Next(256));
            ulong address = 0xA0000 + (ulong)random.Next(0x20000);
            if (random.Next(2) == 0)
                guest.Machine.Memory.Write(address, 1 << random.Next(4), (ulong)random.NextInt64());
            else
                guest.Machine.Memory.Read(address, 1 << random.Next(4));
            if (i % 1000 == 0)
                guest.Machine.Vga.Text?.ToText();
        }
    }

    [Fact]
    public void Moving_the_power_management_block_over_a_device_and_away_again_gives_the_device_back()
    {
        using Guest guest = Guest.Kernel(c => c.jmp(c.Here()));
        ulong masks = guest.Machine.Ports.Read(0x21, 1);
        Pci(guest, 0x40, 0x01);
        Pci(guest, 0x80, 0x01); // ports 0 to 3F are the block now
        Assert.NotEqual(masks, guest.Machine.Ports.Read(0x21, 1));
        Pci(guest, 0x40, 0x601);
        Assert.Equal(masks, guest.Machine.Ports.Read(0x21, 1));
    }

    /// <summary>Random bytes as code: blocks, single steps, and pieces with snapshots between them must end in the same state, whatever they do.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Random_code_executes_alike_in_blocks_step_by_step_and_through_snapshots(int bits)
    {
        var ends = new Dictionary<PcEnd, int>();
        for (int seed = 0; seed < 60; seed++)
        {
            (PcEnd end, long instructions, string hash) blocks = RunRandom(bits, seed, step: false, Budget);
            (PcEnd end, long instructions, string hash) steps = RunRandom(bits, seed, step: true, Budget);
            (PcEnd end, long instructions, string hash) pieces = RunRandom(bits, seed, step: false, 7_777 + seed);
            Assert.True(blocks == steps, $"seed {seed}: blocks end {blocks}, steps end {steps}");
            Assert.True(blocks == pieces, $"seed {seed}: in one piece it ends {blocks}, in several {pieces}");
            ends[blocks.end] = ends.GetValueOrDefault(blocks.end) + 1;
        }

        Assert.True(ends.GetValueOrDefault(PcEnd.Budget) > 10, string.Join(' ', ends));
        Assert.False(ends.ContainsKey(PcEnd.TrapStorm), string.Join(' ', ends));
    }

    private static (PcEnd End, long Instructions, string Hash) RunRandom(int bits, int seed, bool step, long piece)
    {
        var random = new Random(seed);
        var code = new byte[0x10000];
        random.NextBytes(code);
        PcBuilder builder;
        if (bits == 16)
        {
            new byte[] { 0xEA, 0x00, 0x00, 0x00, 0xF0 }.CopyTo(code, 0xFFF0);
            builder = new PcBuilder { Firmware = new ImageFile("random", code) };
        }
        else
        {
            // Every vector leads back into the random bytes.
            byte[] start = Guest.Assemble(32, Guest.Origin, c =>
            {
                for (int vector = 0; vector < 32; vector++)
                    c.Interrupts(vector, Guest.Origin + 0x1000 + (uint)(vector * 0x10));
            });
            start.CopyTo(code, 0);
            builder = new PcBuilder { Kernel = new ImageFile("random", code), RawAddress = Guest.Origin };
        }

        builder.MemorySize = 8 << 20;
        builder.SingleStep = step;
        builder.Serial = _ => { };
        Guest guest = Guest.Of(builder);
        PcRun run = guest.Run(piece);
        while (run.End == PcEnd.Budget && guest.Machine.Instructions < Budget)
        {
            var snapshot = new MemoryStream();
            guest.Machine.Save(snapshot);
            guest.Dispose();
            guest = Guest.Of(builder);
            snapshot.Position = 0;
            Assert.Null(guest.Machine.Restore(snapshot));
            run = guest.Run(Math.Min(piece, Budget - guest.Machine.Instructions));
        }

        using (guest)
            return (run.End, guest.Machine.Instructions, guest.Machine.HashState());
    }

    private static void Pci(Guest guest, uint register, uint value)
    {
        guest.Machine.Ports.Write(0xCF8, 4, 0x8000_0B00 | register);
        guest.Machine.Ports.Write(0xCFC, 4, value);
    }
}
