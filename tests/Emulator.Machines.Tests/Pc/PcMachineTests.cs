using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Machines.Tests.Pc;

/// <summary>The machine around processor and devices: ends, resets, lines, memory map.</summary>
public sealed class PcMachineTests
{
    private const uint Counter = 0x303000;

    [Fact]
    public void The_guest_chooses_the_exit_code_and_the_machine_stays_ended()
    {
        using Guest guest = Guest.Kernel(c =>
        {
            c.mov(al, 0x2A);
            c.ExitWithAl();
        });
        PcRun run = guest.Run();
        Assert.Equal((PcEnd.GuestExit, 0x55, 3L), (run.End, run.ExitCode, run.Instructions));
        Assert.Equal((PcEnd.GuestExit, 0x55, 0L), Parts(guest.Run()));
        Assert.Equal(3, guest.Machine.Instructions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12345)]
    [InlineData(1_000_003)]
    public void Budgets_are_exact(long budget)
    {
        using Guest guest = Guest.Kernel(c => c.jmp(c.Here()));
        Assert.Equal((PcEnd.Budget, 0, budget), Parts(guest.Run(budget)));
        Assert.Equal((PcEnd.Budget, 0, 7L), Parts(guest.Run(7)));
        Assert.Equal(budget + 7, guest.Machine.Instructions);
    }

    [Fact]
    public void A_triple_fault_ends_the_machine()
    {
        using Guest guest = Guest.Kernel(c =>
        {
            c.mov(__dword_ptr[0x300000], 0);
            c.mov(__dword_ptr[0x300004], 0);
            c.lidt(__fword_ptr[0x300000]);
            c.ud2();
        });
        Assert.Equal(PcEnd.TripleFault, guest.Run().End);
        Assert.Equal(PcEnd.TripleFault, guest.Run().End);
    }

    [Fact]
    public void Halting_with_interrupts_off_is_the_end()
    {
        using Guest guest = Guest.Kernel(c =>
        {
            c.cli();
            c.hlt();
        });
        Assert.Equal((PcEnd.Halted, 0, 2L), Parts(guest.Run()));
    }

    [Fact]
    public void Wall_clock_machines_notice_it_too()
    {
        using Guest guest = Guest.Kernel(c => c.hlt(), b => b.WallClock = true);
        PcRun run = default;
        using var timer = new Timer(_ => guest.Machine.Stop(), null, 50, 50);
        for (int i = 0; i < 50 && run.End != PcEnd.Halted; i++)
            run = guest.Run();
        Assert.Equal(PcEnd.Halted, run.End);
    }

    [Fact]
    public void Stop_from_another_thread_comes_back_soon()
    {
        using Guest guest = Guest.Kernel(c => c.jmp(c.Here()));
        using var timer = new Timer(_ => guest.Machine.Stop(), null, 50, Timeout.Infinite);
        Assert.Equal(PcEnd.Stopped, guest.Run(long.MaxValue).End);
        Assert.Equal(PcEnd.Budget, guest.Run(10).End);
    }

    /// <summary>Resets are told apart by what they leave: the interrupt mask stays when only the processor is reset.</summary>
    [Theory]
    [InlineData(0x64, 0xFE, true)]
    [InlineData(0x92, 0x03, true)]
    [InlineData(0xCF9, 0x04, true)]
    [InlineData(0xCF9, 0x06, false)]
    public void Resets_start_again_at_the_reset_vector(ushort port, byte value, bool keepsDevices)
    {
        using Guest guest = Guest.Firmware(c =>
        {
            c.xor(ax, ax);
            c.mov(ds, ax);
            c.inc(__byte_ptr[0x500]);
            c.cmp(__byte_ptr[0x500], 2);
            Label second = c.CreateLabel();
            c.je(second);
            c.OutByte(0x20, 0x11);
            c.OutByte(0x21, 0x08);
            c.OutByte(0x21, 0x04);
            c.OutByte(0x21, 0x01);
            c.OutByte(0x21, 0xA5);
            c.OutByte(0x92, 0x00); // a reset opens A20 again
            c.OutByte(port, value);
            c.mov(al, 0x7F); // never reached
            c.ExitWithAl();
            c.Label(ref second);
            c.@in(al, 0x21);
            c.cmp(al, 0xA5);
            c.sete(al);
            c.ExitWithAl();
        });
        Assert.Equal((PcEnd.GuestExit, keepsDevices ? 3 : 1), (guest.Run().End, guest.Run().ExitCode));
        Assert.Equal(ulong.MaxValue >> 28, guest.Machine.Memory.AddressMask);
    }

    [Fact]
    public void The_reset_button_works_on_an_ended_machine()
    {
        using Guest guest = Guest.Firmware(c =>
        {
            c.xor(ax, ax);
            c.mov(ds, ax);
            c.inc(__byte_ptr[0x500]);
            c.mov(al, __byte_ptr[0x500]);
            c.ExitWithAl();
        });
        Assert.Equal(3, guest.Run().ExitCode);
        guest.Machine.Reset();
        Assert.Equal(5, guest.Run().ExitCode);
    }

    [Fact]
    public void A20_masks_data_and_code()
    {
        using Guest guest = Guest.Kernel(c =>
        {
            c.mov(__byte_ptr[0x400000], 0x11);
            c.mov(__byte_ptr[0x500000], 0x22);
            c.mov(__byte_ptr[0x400010], 0xC3); // ret
            c.mov(__dword_ptr[0x500010], 0xC3C301B0); // mov al, 1; ret
            c.mov(esp, 0x280000);
            c.OutByte(0x92, 0x00);
            c.mov(bl, __byte_ptr[0x500000]);
            c.mov(al, 0);
            c.mov(ecx, 0x500010);
            c.call(ecx);
            c.mov(bh, al);
            c.OutByte(0x92, 0x02);
            c.add(bl, __byte_ptr[0x500000]);
            c.call(ecx);
            c.shl(al, 1);
            c.or(al, bh); // 10: the far code ran with A20 on only
            c.shl(al, 4);
            c.cmp(bl, 0x33);
            c.sete(dl);
            c.or(al, dl);
            c.ExitWithAl();
        });
        Assert.Equal((0x21 << 1) | 1, guest.Run().ExitCode);
    }

    [Fact]
    public void Timer_interrupts_arrive_through_the_controller()
    {
        using Guest guest = Guest.Kernel(c => Ticks(c, 10), handler: CountTick);
        Assert.Equal((PcEnd.GuestExit, 1), (guest.Run().End, guest.Run().ExitCode));

        // Ten ticks of 1 ms, most of them spent halted.
        Assert.InRange(guest.Machine.Nanoseconds, 9_900_000, 10_200_000);
        Assert.InRange(guest.Machine.Instructions, 50, 500);
    }

    [Fact]
    public void Wall_clock_ticks_take_their_time()
    {
        using Guest guest = Guest.Kernel(c => Ticks(c, 100), b => b.WallClock = true, CountTick);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(PcEnd.GuestExit, guest.Run(long.MaxValue).End);
        Assert.InRange(watch.ElapsedMilliseconds, 95, 10_000);
    }

    [Theory]
    [InlineData(0x0F, PcEnd.GuestExit)]
    [InlineData(0x8F, PcEnd.Halted)] // masked by bit 7 of port 70
    public void Non_maskable_interrupts_wake_a_halted_processor(byte index, PcEnd expected)
    {
        using Guest guest = Guest.Kernel(
            c =>
            {
                c.Interrupts(2);
                c.OutByte(0x70, index);
                c.hlt();
            },
            handler: c =>
            {
                c.mov(al, 0);
                c.ExitWithAl();
            });
        Assert.Equal(PcEnd.Halted, guest.Run().End);
        guest.Machine.RaiseNmi();
        Assert.Equal(expected, guest.Run().End);
    }

    [Fact]
    public void The_guest_can_switch_the_machine_off()
    {
        using Guest guest = Guest.Kernel(c =>
        {
            PciWrite(c, 0x80000B40, 0x601);
            PciWrite(c, 0x80000B80, 1);
            c.mov(dx, 0x604);
            c.mov(ax, 0x2000);
            c.@out(dx, ax);
            c.hlt();
        });
        Assert.Equal(PcEnd.PowerOff, guest.Run().End);
    }

    [Fact]
    public void Keys_and_serial_bytes_reach_the_guest()
    {
        using Guest guest = Guest.Kernel(c =>
        {
            Label wait = c.Here();
            c.@in(al, 0x64);
            c.test(al, 1);
            c.jz(wait);
            c.@in(al, 0x60);
            c.@out(0xE9, al);
            Label line = c.Here();
            c.mov(dx, 0x3FD);
            c.@in(al, dx);
            c.test(al, 1);
            c.jz(line);
            c.mov(dx, 0x3F8);
            c.@in(al, dx);
            c.@out(0xE9, al);
            c.mov(al, 0);
            c.ExitWithAl();
        });
        guest.Machine.Keyboard.Type("a");
        guest.Machine.Serial.Receive("s"u8);
        Assert.Equal(PcEnd.GuestExit, guest.Run(100_000_000).End);
        Assert.Equal("\u001es", guest.Output);
    }

    [Fact]
    public void Firmware_lies_below_4_GB_and_below_1_MB_and_text_goes_to_the_screen()
    {
        using Guest guest = Guest.Firmware(c =>
        {
            c.mov(ax, 0xB800);
            c.mov(es, ax);
            c.xor(di, di);
            c.mov(__word_ptr.es[di], 0x1F41);
            c.mov(al, 0);
            c.ExitWithAl();
        });
        Assert.Equal(0xEAu, guest.Machine.Memory.Read(0xFFFF_FFF0, 1));
        Assert.Equal(0xEAu, guest.Machine.Memory.Read(0xF_FFF0, 1));
        Assert.Equal(PcEnd.GuestExit, guest.Run().End);
        Assert.Equal("A\n", guest.Machine.Vga.Text!.ToText());
    }

    [Fact]
    public void What_cannot_be_built_is_told()
    {
        var rom = new ImageFile("rom", new byte[0x10000]);
        Assert.Contains("multiple of 64 KB", new PcBuilder { Firmware = new ImageFile("rom", new byte[1000]) }.Build().Error!.Remedy);
        Assert.Contains("exactly one", new PcBuilder().Build().Error!.Remedy);
        Assert.Contains("exactly one", new PcBuilder { Firmware = rom, Kernel = rom }.Build().Error!.Remedy);
        Assert.Contains("megabytes", new PcBuilder { Firmware = rom, MemorySize = 12345 }.Build().Error!.Remedy);
        Assert.Contains("option ROM", new PcBuilder { Firmware = rom, VgaRom = rom }.Build().Error!.Remedy);
        Assert.Contains("sum", new PcBuilder { Firmware = rom, VgaRom = new ImageFile("vga", Checked(0x55, 0xAA, 1, 1)) }.Build().Error!.Problem);
        Assert.Contains("shorter", new PcBuilder { Firmware = rom }.AddFirmwareFile(new string('x', 99), rom).Build().Error!.Remedy);
        using PcMachine machine = new PcBuilder { Firmware = rom, VgaRom = new ImageFile("vga", Checked(0x55, 0xAA, 1, 0)) }.Build().Value!;
        Assert.Equal(64ul << 20, machine.MemorySize);
    }

    /// <summary>512 bytes that sum to <paramref name="sum"/>.</summary>
    private static byte[] Checked(byte first, byte second, byte length, byte sum)
    {
        var rom = new byte[512];
        (rom[0], rom[1], rom[2]) = (first, second, length);
        rom[511] = (byte)(sum - first - second - length);
        return rom;
    }

    private static (PcEnd End, int ExitCode, long Instructions) Parts(PcRun run) => (run.End, run.ExitCode, run.Instructions);

    private static void Ticks(Assembler c, byte count)
    {
        c.Interrupts(8);
        c.OutByte(0x43, 0x34);
        c.OutByte(0x40, 0xA9);
        c.OutByte(0x40, 0x04); // 1193: 1 ms
        c.OutByte(0x21, 0xFE);
        c.sti();
        Label wait = c.Here();
        c.hlt();
        c.cmp(__byte_ptr[Counter], count);
        c.jb(wait);
        c.mov(al, 0);
        c.ExitWithAl();
    }

    private static void CountTick(Assembler c)
    {
        c.push(eax);
        c.inc(__byte_ptr[Counter]);
        c.mov(al, 0x20);
        c.@out(0x20, al);
        c.pop(eax);
        c.iretd();
    }

    private static void PciWrite(Assembler c, uint address, uint value)
    {
        c.mov(dx, 0xCF8);
        c.mov(eax, address);
        c.@out(dx, eax);
        c.mov(dx, 0xCFC);
        c.mov(eax, value);
        c.@out(dx, eax);
    }
}
