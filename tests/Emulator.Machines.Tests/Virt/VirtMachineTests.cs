namespace Emulator.Machines.Tests.Virt;

/// <summary>The machine as small programs see it.</summary>
public sealed class VirtMachineTests
{
    /// <summary>Powers off: the finisher's command in t1.</summary>
    private static readonly string[] PowerOff = ["lui t0, 0x100", "lui t1, 0x5", "addi t1, t1, 0x555", "sw t1, 0(t0)"];

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void The_rom_enters_the_program_with_hart_and_device_tree(int xlen)
    {
        using VirtGuest guest = VirtGuest.Program(xlen, null, [.. PowerOff, "spin:", "jal zero, {spin}"]);
        VirtRun run = guest.Machine.Run(1_000);
        Assert.Equal(VirtEnd.PowerOff, run.End);
        Assert.Equal(6 + 4, run.Instructions);
        VirtHart hart = guest.Machine.Harts[0];
        Assert.Equal(0ul, hart.ReadX(10));
        var tree = new byte[4];
        guest.Machine.Memory.CopyOut(hart.ReadX(11), tree);
        Assert.Equal(0xD00DFEEDu, Fdt.U32(tree, 0));
        Assert.Equal(run with { Instructions = 0 }, guest.Machine.Run(1_000));
    }

    [Theory]
    [InlineData(32, 0x3333u | (7 << 16), VirtEnd.GuestExit, 7)]
    [InlineData(64, 0x3333u | (7 << 16), VirtEnd.GuestExit, 7)]
    [InlineData(64, 0x5555u, VirtEnd.PowerOff, 0)]
    public void The_test_finisher_ends_it(int xlen, uint command, VirtEnd end, int code)
    {
        using VirtGuest guest = VirtGuest.Program(xlen, null, "lui t0, 0x100", $"lui t1, 0x{(command + 0x800) >> 12:x}", $"addi t1, t1, {(int)(command << 20) >> 20}", "sw t1, 0(t0)");
        VirtRun run = guest.Machine.Run(100);
        Assert.Equal((end, code), (run.End, run.ExitCode));
    }

    [Fact]
    public void A_reset_starts_over_with_fresh_images()
    {
        // Each start prints a letter and changes the program's own first instruction; a third start would show "b".
        using VirtGuest guest = VirtGuest.Program(64, null,
            "addi a0, zero, 97", "lui t0, 0x10000", "sb a0, 0(t0)", "auipc t1, 0x0", "sw zero, -10(t1)", "lui t0, 0x100", "lui t1, 0x7", "addi t1, t1, 0x777", "sw t1, 0(t0)");
        guest.Machine.Run(3 * 15);
        Assert.Equal("aaa", guest.Output);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void The_timer_wakes_a_waiting_hart_at_its_tick(int xlen)
    {
        // mtimecmp = 1000 ticks of 100 ns, which are 10000 instructions; mie.MTIE, wait, read time.
        using VirtGuest guest = VirtGuest.Program(xlen, null,
            [
                "lui t0, 0x2004", "addi t1, zero, 1000", "sw zero, 4(t0)", "sw t1, 0(t0)", "addi t1, zero, 128", "csrrw zero, mie, t1", "wfi",
                "csrrs s0, time, zero", "csrrs s1, mip, zero", .. PowerOff,
            ]);
        VirtRun run = guest.Machine.Run(1_000);
        Assert.Equal(VirtEnd.PowerOff, run.End);
        Assert.Equal(1000ul, guest.Machine.Harts[0].ReadX(8));
        Assert.Equal(0x80ul, guest.Machine.Harts[0].ReadX(9));
        Assert.Equal(100_000 + (10 * 6), guest.Machine.Nanoseconds);
    }

    [Fact]
    public void A_hart_that_waits_for_nothing_halts_the_machine()
    {
        using VirtGuest guest = VirtGuest.Program(64, null, "wfi");
        Assert.Equal(VirtEnd.Halted, guest.Machine.Run(1_000).End);
    }

    [Theory]
    [InlineData("lui t0, 0x20000", "lw t1, 0(t0)", 5)] // nobody there
    [InlineData("lui t0, 0x20000", "sw t1, 0(t0)", 7)]
    [InlineData("lui t0, 0x1", "sw t1, 0(t0)", 7)] // ROM
    [InlineData("lui t0, 0x10000", "jalr zero, 0(t0)", 1)] // a device holds no code
    public void What_does_not_answer_is_an_access_fault(string address, string access, ulong cause)
    {
        using VirtGuest guest = VirtGuest.Program(64, null,
            ["auipc t0, 0x0", "addi t0, t0, 64", "csrrw zero, mtvec, t0", address, access, .. Enumerable.Repeat("addi zero, zero, 0", 40), "csrrs s0, mcause, zero", .. PowerOff]);
        Assert.Equal(VirtEnd.PowerOff, guest.Machine.Run(1_000).End);
        Assert.Equal(cause, guest.Machine.Harts[0].ReadX(8));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void Harts_run_in_turn_call_each_other_and_share_memory(int xlen)
    {
        // Hart 0 adds in a loop until hart 1, called through CLINT, has written its number; hart 1 waits for the call.
        string[] program =
        [
            "auipc s2, 0x1", "bne a0, zero, {second}", "lui t0, 0x2000", "addi t1, zero, 1", "sw t1, 4(t0)",
            "again:", "addi s0, s0, 1", "lw s1, 0(s2)", "beq s1, zero, {again}", .. PowerOff,
            "second:", "addi t1, zero, 8", "csrrw zero, mie, t1", "wfi", "addi t1, zero, 77", "sw t1, 0(s2)", "spin:", "jal zero, {spin}",
        ];
        string? hash = null;
        foreach (long piece in (long[])[1_000_000, 1, 333])
        {
            using VirtGuest guest = VirtGuest.Program(xlen, b => b.Harts = 2, program);
            VirtRun run;
            do
                run = guest.Machine.Run(piece);
            while (run.End == VirtEnd.Budget && guest.Machine.Instructions < 100_000);
            Assert.Equal(VirtEnd.PowerOff, run.End);
            Assert.Equal(77ul, guest.Machine.Harts[0].ReadX(9));
            Assert.Equal(1ul, guest.Machine.Harts[1].ReadX(10));
            Assert.True(guest.Machine.Harts[0].ReadX(8) > 10);
            string now = guest.Machine.HashState();
            Assert.Equal(hash ??= now, now);
        }
    }

    [Fact]
    public void Code_one_hart_writes_is_what_the_other_executes()
    {
        // Hart 1 overwrites "addi s0, s0, 1" by zeros while hart 0 executes it in a loop; hart 0 then arrives at its handler.
        using VirtGuest guest = VirtGuest.Program(64, b => b.Harts = 2,
        [
            "auipc t0, 0x0", "addi t0, t0, 128", "csrrw zero, mtvec, t0", "auipc t3, 0x0", "bne a0, zero, {write}",
            "loop:", "addi s0, s0, 1", "jal zero, {loop}",
            "write:", "addi t1, zero, 1000", "delay:", "addi t1, t1, -1", "bne t1, zero, {delay}", "sh zero, 8(t3)",
            "spin:", "jal zero, {spin}",
            .. Enumerable.Repeat("addi zero, zero, 0", 100), .. PowerOff,
        ]);
        Assert.Equal(VirtEnd.PowerOff, guest.Machine.Run(1_000_000).End);
        Assert.True(guest.Machine.Harts[0].ReadX(8) > 100);
    }

    [Fact]
    public void What_cannot_be_built_is_said()
    {
        var kernel = new ImageFile("k", new byte[] { 0x13, 0, 0, 0 });
        AssertError(new VirtBuilder(), "firmware or a kernel");
        AssertError(new VirtBuilder { Kernel = kernel, Harts = 9 }, "9 harts");
        AssertError(new VirtBuilder { Kernel = kernel, Xlen = 16 }, "16 bits");
        AssertError(new VirtBuilder { Kernel = kernel, MemorySize = 1 << 20 }, "memory");
        AssertError(new VirtBuilder { Kernel = kernel, Xlen = 32, MemorySize = 4UL << 30 }, "memory");
        AssertError(new VirtBuilder { Kernel = new ImageFile("k", ReadOnlyMemory<byte>.Empty) }, "empty");
        AssertError(new VirtBuilder { Kernel = new ImageFile("big", new byte[200 << 20]) }, "no RAM");
        AssertError(new VirtBuilder { Kernel = kernel, MemorySize = 8 << 20, Initrd = new ImageFile("initrd", new byte[4 << 20]) }, "device tree");
        AssertError(new VirtBuilder { Kernel = new ImageFile("k", new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1 }) }, "cut short");
    }

    private static void AssertError(VirtBuilder builder, string part)
    {
        Assert.False(builder.Build().TryGet(out VirtMachine? machine, out ImageError? error));
        Assert.Null(machine);
        Assert.Contains(part, error.ToString());
    }
}
