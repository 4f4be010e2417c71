using Emulator.Testing;

namespace Emulator.Kvm.Tests.RiscV;

/// <summary>Whatever a guest does, a run ends in a documented exit and nothing throws.</summary>
public sealed unsafe class HostileTests
{
    private const int Guests = 300, MostExits = 200, MostKicks = 6, Seed = 11;

    private static readonly KvmExitReason[] s_documented = [KvmExitReason.Mmio, KvmExitReason.RiscVSbi, KvmExitReason.SystemEvent, KvmExitReason.InternalError];

    private static readonly uint[] s_extensions = [0x10, 0x5449_4D45, 0x73_5049, 0x5246_4E43, 0x48_534D, 0x5352_5354, 0x4442_434E, 0x0900_0000, 0, 1, 2, 3, 4, 5, 6, 7, 8];

    public static TheoryData<string> All => RiscVImplementations.All;

    [Theory, MemberData(nameof(All))]
    public void Random_code_and_state_end_in_documented_exits(string on)
    {
        var seen = new Dictionary<KvmExitReason, int>();
        using var guest = new RiscVGuest(on);
        using var second = guest.Vm.CreateVcpu(1);
        using var watchdog = new Timer(_ => guest.Vcpu.Kick(), null, 2, 2);
        for (var i = 0; i < Guests; i++)
        {
            var random = new Random(Seed + i);
            Scramble(guest, random);
            for (int exits = 0, kicks = 0; exits < MostExits && kicks < MostKicks;)
            {
                if (!guest.Vcpu.Run())
                {
                    kicks++;
                    continue;
                }

                exits++;
                Assert.Contains(guest.Exit, s_documented);
                seen[guest.Exit] = seen.GetValueOrDefault(guest.Exit) + 1;
                if (guest.Exit is KvmExitReason.SystemEvent or KvmExitReason.InternalError)
                    break;
                if (guest.Exit == KvmExitReason.Mmio)
                {
                    Assert.InRange(guest.Shared.Mmio.Len, 1u, 8u);
                    guest.Shared.Mmio.Data = (ulong)random.NextInt64();
                }
                else
                {
                    guest.Shared.RiscVSbi.Ret[0] = (ulong)random.NextInt64();
                }

                if (random.Next(8) == 0)
                    guest.Vcpu.Interrupt(random.Next(2) == 0 ? KvmRiscV.InterruptSet : KvmRiscV.InterruptUnset);
            }

            guest.Vcpu.SetMpState(KvmMpState.Runnable);
        }

        TestReport.Write($"kvm-hostile-rv{on}", $"{Guests} guests: " + string.Join(", ", seen.OrderBy(e => e.Key).Select(e => $"{e.Key} {e.Value}")));
        Assert.Equal(s_documented.Order(), seen.Keys.Order());
    }

    /// <summary>Random RAM (page tables and code), with calls and CSR accesses strewn in, and a random state.</summary>
    private static void Scramble(RiscVGuest guest, Random random)
    {
        random.NextBytes(guest.Memory.AsSpan(0, (int)RiscVGuest.RamSize));
        for (uint at = 0; at < 0x1000; at += 4)
        {
            var kind = random.Next(6);
            var word = kind switch
            {
                0 => 0x73u,
                1 => (uint)random.Next(0x1000) << 20 | (uint)random.Next(32) << 15 | (uint)random.Next(8) << 12 | (uint)random.Next(32) << 7 | 0x73,
                2 => (uint)random.Next(int.MinValue, int.MaxValue) & ~0x7Fu | (random.Next(2) == 0 ? 3u : 0x23u),
                3 => (uint)random.Next(int.MinValue, int.MaxValue) & ~0x7Fu | 0x2F,
                4 => (uint)random.Next(int.MinValue, int.MaxValue) & ~0x7Fu | 0x13,
                _ => (uint)random.Next(int.MinValue, int.MaxValue),
            };
            guest.Write(RiscVGuest.Ram + at, word);
        }

        // Leaves of the largest size, so that there is something to run where paging is on.
        const uint Root = RiscVGuest.Ram + 0x6000;
        var wide = guest.Xlen == 64;
        guest.Write(wide ? Root + 8 : Root + 4 * 0x100, RiscVGuest.Ram >> 2 | 0xCFu | (uint)random.Next(2) << 4);
        if (wide)
            guest.Write(Root + 12, 0);
        for (var i = 1; i < 32; i++)
            guest.SetX(i, random.Next(3) switch { 0 => RiscVGuest.Ram + (ulong)random.Next(0x12000), 1 => RiscVGuest.Hole + (ulong)random.Next(0x1000), _ => (ulong)random.NextInt64() });
        guest.SetX(17, s_extensions[random.Next(s_extensions.Length)]);
        guest.SetX(16, (ulong)random.Next(4));
        foreach (var csr in (ulong[])[KvmRiscV.Sstatus, KvmRiscV.Sie, KvmRiscV.Sscratch, KvmRiscV.Sepc, KvmRiscV.Sip, KvmRiscV.Scounteren])
            guest.SetCsr(csr, (ulong)random.NextInt64());
        guest.SetCsr(KvmRiscV.Stvec, random.Next(4) == 0 ? (ulong)random.NextInt64() : RiscVGuest.Ram + 4 * (ulong)random.Next(0x400));
        guest.SetCsr(KvmRiscV.Satp, random.Next(2) == 0 ? 0 : (wide ? 8ul << 60 : 1ul << 31) | (random.Next(4) == 0 ? (ulong)random.Next(0x50000) : Root >> 12));
        guest.Vcpu.SetOneReg(guest.Word | KvmRiscV.Core | KvmRiscV.Mode, (ulong)random.Next(4) == 0 ? KvmRiscV.ModeU : KvmRiscV.ModeS);
        guest.Pc = RiscVGuest.Ram + 4 * (ulong)random.Next(0x400);

        // Some begin with a call, some where nothing is.
        if (random.Next(3) == 0)
            guest.Write((uint)guest.Pc, 0x73u);
        else if (random.Next(10) == 0)
            guest.Pc = RiscVGuest.Hole;
        guest.Vm.FlushCode();
    }
}
