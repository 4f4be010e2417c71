using Emulator.Kvm.Tests.Host;
using Emulator.Runtime;
using Emulator.Testing;

namespace Emulator.Kvm.Tests;

/// <summary>Several vCPUs and VMs, each on its own thread; stops; code changed behind the machine's back.</summary>
public sealed unsafe class ThreadTests
{
    public static TheoryData<string> Own => Implementations.Own;

    [Theory, MemberData(nameof(Own))]
    public void Locked_increments_of_two_vCPUs_are_all_counted(string on)
    {
        const int Times = 200_000, Vcpus = 2;
        using var guest = new Guest(on);
        guest.Load(32, "mov ecx, 200000", "lock inc dword [0x2000]", "add dword [0x2004], 1", "dec ecx", "jne short 0x1005", "hlt");
        using var second = guest.Vm.CreateVcpu(1);
        second.SetSregs(guest.Vcpu.GetSregs());
        second.SetRegs(guest.Regs);
        RunBoth(guest.Vcpu, second);
        Assert.Equal(Times * Vcpus, guest.Read<int>(0x2000));
    }

    [Theory, MemberData(nameof(Own))]
    public void A_lock_taken_by_xchg_and_left_by_a_plain_store_excludes(string on)
    {
        const int Times = 20_000;
        using var guest = new Guest(on);

        // Take the lock at 0x2000, read, increment and write the counter at 0x2004 in three instructions, leave.
        guest.Load(32, "mov ecx, 20000", "mov eax, 1", "xchg eax, dword [0x2000]", "test eax, eax", "jne short 0x1005", "mov edx, dword [0x2004]", "inc edx",
            "mov dword [0x2004], edx", "mov dword [0x2000], 0", "dec ecx", "jne short 0x1005", "hlt");
        using var second = guest.Vm.CreateVcpu(1);
        second.SetSregs(guest.Vcpu.GetSregs());
        second.SetRegs(guest.Regs);
        RunBoth(guest.Vcpu, second);
        Assert.Equal(2 * Times, guest.Read<int>(0x2004));
    }

    [Theory, MemberData(nameof(Own))]
    public void VMs_run_at_the_same_time_and_share_nothing(string on)
    {
        var sums = new uint[4];
        var threads = Enumerable.Range(0, sums.Length).Select(i => new Thread(() =>
        {
            using var guest = new Guest(on);
            guest.Load(32, "mov ecx, 10000", "in al, 0x10", "movzx edx, al", "add ebx, edx", "dec ecx", "jne short 0x1005", "hlt");
            while (guest.Run() == KvmExitReason.Io)
                guest.PortData[0] = (byte)(i + 1);
            sums[i] = (uint)guest.Regs.Rbx;
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal([10_000u, 20_000u, 30_000u, 40_000u], sums);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_stop_from_another_thread_takes_effect_within_a_millisecond(bool immediate)
    {
        const int Stops = 40;
        using var guest = new Guest(Implementations.Bare);
        var vcpu = (KvmVcpu)guest.Vcpu;
        guest.Load(32, "mov ecx, 0xffffffff", "mov esi, 0x2000", "mov edi, 0x3000", "mov ecx, 0x400", "rep movsb", "jmp 0x1005");
        var stopped = new double[Stops];
        nint thread = 0;
        using var ready = new SemaphoreSlim(0);
        using var done = new SemaphoreSlim(0);
        var runner = new Thread(() =>
        {
            thread = HostCalls.ThreadSelf();
            for (var i = 0; i < Stops; i++)
            {
                ready.Release();
                Assert.False(vcpu.Run());
                stopped[i] = Milliseconds(thread);
                vcpu.ImmediateExit = false;
                done.Release();
            }
        });
        runner.Start();
        var times = new double[Stops];
        for (var i = 0; i < Stops; i++)
        {
            ready.Wait();
            Thread.Sleep(1);

            // Time the vCPU's thread has had, not time on the clock: on a busy host most of that is spent waiting for a processor.
            var asked = Milliseconds(thread);
            if (immediate)
                vcpu.ImmediateExit = true;
            else
                vcpu.Kick();
            done.Wait();
            times[i] = stopped[i] - asked;
        }

        runner.Join();
        Array.Sort(times);
        TestReport.Write($"kvm-stop-{(immediate ? "immediate-exit" : "kick")}", $"{Stops} stops, processor time: least {times[0]:f3} ms, median {times[Stops / 2]:f3} ms, worst {times[^1]:f3} ms");
        Assert.True(times[Stops / 2] < 1, $"median {times[Stops / 2]} ms");

        static double Milliseconds(nint thread)
        {
            int clock;
            var time = stackalloc long[2];
            Assert.Equal(0, HostCalls.CpuClockOf(thread, &clock));
            Assert.Equal(0, HostCalls.TimeOf(clock, time));
            return time[0] * 1e3 + time[1] / 1e6;
        }
    }

    [Theory, MemberData(nameof(Own))]
    public void A_vCPU_that_waits_for_another_can_be_stopped(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "jmp 0x1000");
        using var second = guest.Vm.CreateVcpu(1);
        second.SetSregs(guest.Vcpu.GetSregs());
        second.SetRegs(guest.Regs);
        var (a, b) = (Start(guest.Vcpu), Start(second));
        Thread.Sleep(20);
        second.Kick();
        Assert.True(b.Join(10_000));
        Assert.True(a.IsAlive);
        guest.Vcpu.Kick();
        Assert.True(a.Join(10_000));
        Assert.Equal((KvmExitReason.Intr, KvmExitReason.Intr), (guest.Exit, second.Shared->ExitReason));

        static Thread Start(IKvmVcpu vcpu)
        {
            var thread = new Thread(() => vcpu.Run());
            thread.Start();
            return thread;
        }
    }

    [Theory, MemberData(nameof(Own))]
    public void Slots_can_change_while_a_vCPU_runs(string on)
    {
        using var guest = new Guest(on);
        using var memory = new NativeBlock(0x1000);
        guest.Load(32, "mov al, byte [0x20000]", "cmp al, 0x5a", "jne short 0x1000", "hlt");
        guest.Vm.SetUserMemoryRegion(1, 0x20000, memory.Pointer, 0x1000);
        var runner = new Thread(() => guest.Vcpu.Run());
        runner.Start();
        Thread.Sleep(5);
        using var other = new NativeBlock(0x1000);
        *other.Pointer = 0x5A;
        guest.Vm.SetUserMemoryRegion(2, 0x30000, other.Pointer, 0x1000);
        guest.Vm.SetUserMemoryRegion(1, 0x40000, memory.Pointer, 0x1000);
        Assert.True(runner.Join(10_000));
        Assert.Equal(KvmExitReason.Mmio, guest.Exit);
        guest.Shared.Mmio.Data = 0x5A;
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
    }

    [Theory, MemberData(nameof(Own))]
    public void Code_the_client_changes_is_seen_when_it_says_so(string on)
    {
        using var guest = new Guest(on);
        var vm = (KvmVm)guest.Vm;
        guest.Load(32, "mov al, 1", "out 0x10, al", "jmp 0x1000");
        Assert.Equal((KvmExitReason.Io, 1), (guest.Run(), guest.PortData[0]));
        vm.WriteMemory(Guest.Code, Guest.Assemble(32, Guest.Code, "mov al, 2"));
        Assert.Equal((KvmExitReason.Io, 2), (guest.Run(), guest.PortData[0]));
        guest.Write(Guest.Code, Guest.Assemble(32, Guest.Code, "mov al, 3"));
        vm.FlushCode();
        Assert.Equal((KvmExitReason.Io, 3), (guest.Run(), guest.PortData[0]));
    }

    [Theory, MemberData(nameof(Own))]
    public void Code_one_vCPU_writes_is_seen_by_another(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov al, 1", "out 0x10, al", "jmp 0x1000");
        Assert.Equal((KvmExitReason.Io, 1), (guest.Run(), guest.PortData[0]));
        guest.Write(0x3000, Guest.Assemble(32, 0x3000, "mov byte [0x1001], 7", "hlt"));
        using var second = guest.Vm.CreateVcpu(1);
        second.SetSregs(guest.Vcpu.GetSregs());
        second.SetRegs(new KvmRegs { Rip = 0x3000, Rflags = 2 });
        Assert.True(second.Run());
        Assert.Equal((KvmExitReason.Io, 7), (guest.Run(), guest.PortData[0]));
    }

    private static void RunBoth(IKvmVcpu first, IKvmVcpu second)
    {
        var threads = ((IKvmVcpu[])[first, second]).Select(vcpu => new Thread(() =>
        {
            Assert.True(vcpu.Run());
            Assert.Equal(KvmExitReason.Hlt, vcpu.Shared->ExitReason);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }
}
