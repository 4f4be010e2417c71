using Emulator.Testing;

namespace Emulator.Kvm.Tests;

/// <summary>Whatever a guest does, a run ends in a documented exit and nothing throws.</summary>
public sealed class HostileTests
{
    private const int Guests = 300, MostExits = 200, MostKicks = 10, Seed = 7;

    private static readonly KvmExitReason[] s_documented =
        [KvmExitReason.Io, KvmExitReason.Mmio, KvmExitReason.Hlt, KvmExitReason.Shutdown, KvmExitReason.IrqWindowOpen, KvmExitReason.InternalError];

    public static TheoryData<string> Own => Implementations.Own;

    [Theory, MemberData(nameof(Own))]
    public void Random_code_and_state_end_in_documented_exits(string on)
    {
        var seen = new Dictionary<KvmExitReason, int>();
        using var guest = new Guest(on);
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
                if (guest.Exit is KvmExitReason.Shutdown or KvmExitReason.InternalError)
                    break;
                random.NextBytes(guest.Vcpu.Mapping.Slice(0x1000, 8));
                if (guest.Exit == KvmExitReason.Mmio)
                    guest.Shared.Mmio.Data = (ulong)random.NextInt64();
                guest.Shared.RequestInterruptWindow = (byte)random.Next(2);
                if (guest.Shared.ReadyForInterruptInjection != 0 && random.Next(2) == 0)
                    guest.Vcpu.Interrupt((uint)random.Next(256));
                if (random.Next(20) == 0)
                    guest.Vcpu.Nmi();
            }
        }

        TestReport.Write($"kvm-hostile-{on}", $"{Guests} guests: " + string.Join(", ", seen.OrderBy(e => e.Key).Select(e => $"{e.Key} {e.Value}")));
        Assert.True(seen.Count >= 5);
    }

    /// <summary>Random RAM (page tables, descriptor tables, code), and a random state of the kind SET_SREGS takes.</summary>
    private static void Scramble(Guest guest, Random random)
    {
        random.NextBytes(guest.Ram.AsSpan(0, (int)Guest.RamSize));
        if (random.Next(2) == 0)
            guest.Write(Guest.Code, new AccessPrograms(random).Next(8));
        ((KvmVm)guest.Vm).FlushCode();
        var sregs = guest.Vcpu.GetSregs();
        var flat = new KvmSregs();
        Guest.EnterFlat(ref flat);
        var isProtected = random.Next(3) != 0;
        (sregs.Cs, sregs.Ds, sregs.Es, sregs.Ss) = (flat.Cs, flat.Ds, flat.Es, flat.Ss);
        sregs.Cr0 = 0x10u | (isProtected ? 1u : 0) | (isProtected && random.Next(3) == 0 ? 1u << 31 : 0) | (uint)(random.Next(2) << 16);
        sregs.Cr4 = (ulong)random.Next(8) << 4;
        sregs.Cr3 = (ulong)random.Next(0x20) << 12;
        sregs.Efer = (ulong)random.Next(2) << 11;
        sregs.Idt = new KvmDtable { Base = (ulong)random.Next(0x20000), Limit = (ushort)random.Next(0x1000) };
        sregs.Gdt = new KvmDtable { Base = (ulong)random.Next(0x20000), Limit = (ushort)random.Next(0x1000) };
        sregs.Tr.Base = (ulong)random.Next(0x20000);
        sregs.Tr.Limit = (uint)random.Next(0x100);
        sregs.Ss.Dpl = (byte)(isProtected && random.Next(4) == 0 ? 3 : 0);
        sregs.Cs.Dpl = sregs.Ss.Dpl;
        guest.Vcpu.SetSregs(sregs);
        guest.Vcpu.SetRegs(new KvmRegs
        {
            Rax = (uint)random.Next(), Rbx = (uint)random.Next(0x30000), Rcx = (uint)random.Next(0x100), Rdx = (uint)random.Next(0x10000), Rsi = (uint)random.Next(0x30000),
            Rdi = (uint)random.Next(0x30000), Rsp = (uint)random.Next(0x12000), Rbp = (uint)random.Next(0x30000), Rip = Guest.Code, Rflags = (ulong)random.Next(0x400000) & ~(1ul << 17),
        });
    }
}
