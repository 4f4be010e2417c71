namespace Emulator.Kvm.Tests.RiscV;

/// <summary>ONE_REG: every id of the list, its size, what a register keeps, and the errors.</summary>
public sealed unsafe class RegisterTests
{
    public static TheoryData<string> All => RiscVImplementations.All;

    [Theory, MemberData(nameof(All))]
    public void The_list_has_every_register_once(string on)
    {
        using var guest = new RiscVGuest(on);
        var ids = Ids(guest);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var counts = ids.GroupBy(id => id & KvmRiscV.TypeMask).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal((5, 33, 10, 4), (counts[KvmRiscV.Config], counts[KvmRiscV.Core], counts[KvmRiscV.Csr], counts[KvmRiscV.Timer]));
        Assert.Equal((33, 33, 12, 9), (counts[KvmRiscV.FpF], counts[KvmRiscV.FpD], counts[KvmRiscV.IsaExt], counts[KvmRiscV.SbiExt]));
        foreach (var id in ids)
        {
            guest.Vcpu.GetOneReg(id);
            var type = id & KvmRiscV.TypeMask;
            var wide = type == KvmRiscV.Timer || (type == KvmRiscV.FpD && (id & 0xFF) != KvmRiscV.Fcsr) || (type < KvmRiscV.FpF || type > KvmRiscV.FpD) && guest.Xlen == 64;
            Assert.Equal(wide ? 8 : 4, KvmOneReg.SizeOf(id));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void What_is_set_is_read(string on)
    {
        using var guest = new RiscVGuest(on);
        var all = guest.Xlen == 64 ? ulong.MaxValue : uint.MaxValue;
        var random = new Random(3);
        foreach (var id in Ids(guest))
        {
            var type = id & KvmRiscV.TypeMask;
            var number = id & 0xFFFF;
            var size = KvmOneReg.SizeOf(id);
            for (var i = 0; i < 8; i++)
            {
                var value = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (size == 8 ? ulong.MaxValue : uint.MaxValue);
                var expected = type switch
                {
                    KvmRiscV.Config => number is KvmRiscV.Isa or KvmRiscV.SatpMode ? value = guest.Vcpu.GetOneReg(id) : value,
                    KvmRiscV.Core => number == KvmRiscV.Mode ? value &= 1 : number == KvmRiscV.Pc ? value & ~1ul : value,
                    KvmRiscV.Csr => Kept(number, ref value, guest.Xlen) & all,
                    KvmRiscV.Timer => number switch { KvmRiscV.TimerFrequency => value = 10_000_000, KvmRiscV.TimerState => value &= 1, _ => value },
                    KvmRiscV.FpF or KvmRiscV.FpD => number == KvmRiscV.Fcsr ? value & 0xFF : value,
                    KvmRiscV.IsaExt => value = 1,
                    _ => value &= 1,
                };
                guest.Vcpu.SetOneReg(id, value);
                var read = guest.Vcpu.GetOneReg(id);
                if (type == KvmRiscV.Timer && number == KvmRiscV.TimerTime)
                    Assert.InRange(read - expected, 0ul, 100_000_000ul);
                else
                    Assert.True(expected == read, $"0x{id:x}: set 0x{value:x}, read 0x{read:x}, not 0x{expected:x}");
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void The_registers_are_those_of_the_guest(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load("addi a0, a1, 1", "csrrw t0, sscratch, a0", "csrrs t1, sepc, zero", $"sbi {RiscVGuest.Mine} 0");
        guest.SetX(11, 41);
        guest.SetCsr(KvmRiscV.Sscratch, 0x1234);
        guest.SetCsr(KvmRiscV.Sepc, 0x4321);
        guest.RunToCall();
        Assert.Equal((42ul, 0x1234ul, 0x4320ul, 42ul), (guest.X(10), guest.X(5), guest.X(6), guest.Csr(KvmRiscV.Sscratch)));
        Assert.Equal(KvmRiscV.ModeS, guest.Vcpu.GetOneReg(guest.Word | KvmRiscV.Core | KvmRiscV.Mode));
    }

    [Theory, MemberData(nameof(All))]
    public void Floating_point_registers_are_those_of_the_guest(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.SetCsr(KvmRiscV.Sstatus, 1 << 13);
        guest.Load("fadd.d ft2, ft0, ft1", "fadd.s ft3, ft4, ft5", "csrrs a0, fcsr, zero", $"sbi {RiscVGuest.Mine} 0");
        guest.Vcpu.SetOneReg(KvmRiscV.FpD64 | 0, BitConverter.DoubleToUInt64Bits(1.5));
        guest.Vcpu.SetOneReg(KvmRiscV.FpD64 | 1, BitConverter.DoubleToUInt64Bits(2.25));
        var single = KvmRiscV.Arch | KvmRiscV.SizeU32 | KvmRiscV.FpF;
        guest.Vcpu.SetOneReg(single | 4, BitConverter.SingleToUInt32Bits(0.5f));
        guest.Vcpu.SetOneReg(single | 5, BitConverter.SingleToUInt32Bits(0.25f));
        guest.Vcpu.SetOneReg(single | KvmRiscV.Fcsr, 0x61);
        guest.RunToCall();
        Assert.Equal(3.75, BitConverter.UInt64BitsToDouble(guest.Vcpu.GetOneReg(KvmRiscV.FpD64 | 2)));
        Assert.Equal(0.75f, BitConverter.UInt32BitsToSingle((uint)guest.Vcpu.GetOneReg(single | 3)));
        Assert.Equal(0x61ul, guest.X(10));
    }

    [Theory, MemberData(nameof(All))]
    public void Extensions_are_told_one_by_one_and_by_the_word(string on)
    {
        using var guest = new RiscVGuest(on);
        const ulong Expected = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 13 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21;
        var word = guest.Word | KvmRiscV.IsaExt;
        Assert.Equal(Expected, guest.Vcpu.GetOneReg(word | KvmRiscV.MultiEnable));
        Assert.Equal(guest.Xlen == 64 ? ~Expected : ~Expected & uint.MaxValue, guest.Vcpu.GetOneReg(word | KvmRiscV.MultiDisable));
        Assert.Equal(0x112Dul, guest.Vcpu.GetOneReg(guest.Word | KvmRiscV.Config | KvmRiscV.Isa));
        Errors.Fails(Errno.ENOENT, () => guest.Vcpu.GetOneReg(word | (ulong)KvmRiscVIsaExt.H));
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetOneReg(word | (ulong)KvmRiscVIsaExt.D, 0));
        var sbi = guest.Word | KvmRiscV.SbiExt;
        Assert.Equal(0x1BFul, guest.Vcpu.GetOneReg(sbi | KvmRiscV.MultiEnable));
        guest.Vcpu.SetOneReg(sbi | KvmRiscV.MultiEnable, 1 << 9);
        guest.Vcpu.SetOneReg(sbi | KvmRiscV.MultiDisable, 1 << 0 | 1 << 4);
        Assert.Equal(0x3AEul, guest.Vcpu.GetOneReg(sbi | KvmRiscV.MultiEnable));
    }

    [Theory, MemberData(nameof(All))]
    public void Wrong_ids_and_values_have_KVMs_errors(string on)
    {
        using var guest = new RiscVGuest(on);
        var vcpu = guest.Vcpu;
        var other = KvmRiscV.Arch | (guest.Xlen == 64 ? KvmRiscV.SizeU32 : KvmRiscV.SizeU64);
        Errors.Fails(Errno.EINVAL, () => vcpu.GetOneReg(other | KvmRiscV.Core));
        Errors.Fails(Errno.EINVAL, () => vcpu.GetOneReg(KvmRiscV.Arch | KvmRiscV.SizeU32 | KvmRiscV.Timer));
        Errors.Fails(Errno.EINVAL, () => vcpu.GetOneReg(KvmRiscV.SizeU64 | KvmRiscV.Core));
        Errors.Fails(Errno.EINVAL, () => vcpu.GetOneReg(guest.Word | 0x4000_0000));
        foreach (var id in (ulong[])[KvmRiscV.Core | 33, KvmRiscV.Csr | 10, KvmRiscV.Csr | (1 << 16), KvmRiscV.Config | KvmRiscV.ZicbomBlockSize, KvmRiscV.IsaExt | 99, KvmRiscV.SbiExt | 6, KvmRiscV.Core | (1ul << 40)])
            Errors.Fails(Errno.ENOENT, () => vcpu.GetOneReg(guest.Word | id));
        Errors.Fails(Errno.ENOENT, () => vcpu.SetOneReg(KvmRiscV.Timer64 | 4, 0));
        Errors.Fails(Errno.EINVAL, () => vcpu.SetOneReg(KvmRiscV.Timer64 | KvmRiscV.TimerFrequency, 1));
        Errors.Fails(Errno.EINVAL, () => vcpu.SetOneReg(guest.Word | KvmRiscV.Config | KvmRiscV.Isa, 0));
        Errors.Fails(Errno.EINVAL, () => vcpu.SetOneReg(guest.Word | KvmRiscV.SbiExt | (ulong)KvmRiscVSbiExt.Hsm, 2));
        guest.Load($"sbi {RiscVGuest.Mine} 0");
        guest.RunToCall();
        Errors.Fails(Errno.EBUSY, () => vcpu.SetOneReg(guest.Word | KvmRiscV.Config | KvmRiscV.MArchId, 5));
        Errors.Fails(Errno.EBUSY, () => vcpu.SetOneReg(guest.Word | KvmRiscV.SbiExt | (ulong)KvmRiscVSbiExt.Dbcn, 1));
    }

    [Theory, MemberData(nameof(All))]
    public void Calls_of_x86_do_not_exist(string on)
    {
        using var guest = new RiscVGuest(on);
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.GetRegs());
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetSregs(default));
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.GetFpu());
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.GetMsrs([]));
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetCpuid2([]));
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.Nmi());
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetTssAddr(0));
        Errors.Fails(Errno.EINVAL, () => guest.System.GetMsrIndexList(new uint[9]));
        Errors.Fails(Errno.EINVAL, () => guest.System.GetSupportedCpuid(new KvmCpuidEntry2[9]));
        Assert.Equal((0, 0, 1, 1), (guest.System.CheckExtension(KvmCapability.SetTssAddr), guest.System.CheckExtension(KvmCapability.ExtCpuid),
            guest.System.CheckExtension(KvmCapability.OneReg), guest.System.CheckExtension(KvmCapability.ReadonlyMem)));
        Assert.Equal(guest.Xlen == 64 ? 52 : 34, guest.System.CheckExtension(KvmCapability.VmGpaBits));
    }

    [Theory, MemberData(nameof(All))]
    public void One_reg_can_be_ioctls(string on)
    {
        using var guest = new RiscVGuest(on);
        ulong value = 0x1122_3344_5566_7788;
        var reg = new KvmOneReg { Id = guest.Word | KvmRiscV.Core | KvmRiscV.T6, Addr = &value };
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.SetOneReg, &reg));
        value = ulong.MaxValue;
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.GetOneReg, &reg));
        Assert.Equal(guest.Xlen == 64 ? 0x1122_3344_5566_7788ul : 0xFFFF_FFFF_5566_7788, value);
        reg.Addr = null;
        Assert.Equal(-(int)Errno.EFAULT, guest.Vcpu.Ioctl(KvmRequest.GetOneReg, &reg));
        Assert.Equal(-(int)Errno.EFAULT, guest.Vcpu.Ioctl(KvmRequest.SetOneReg, null));
        var list = stackalloc ulong[300];
        Assert.Equal(-(int)Errno.E2BIG, guest.Vcpu.Ioctl(KvmRequest.GetRegList, list));
        var count = (int)*list;
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.GetRegList, list));
        Assert.Equal(Ids(guest), new ReadOnlySpan<ulong>(list + 1, count).ToArray());
    }

    [Fact]
    public void X86_has_no_one_reg()
    {
        using var guest = new Guest(Implementations.Bare);
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.GetOneReg(KvmRiscV.Core64));
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetOneReg(KvmRiscV.Core64, 0));
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.GetRegList([]));
    }

    private static ulong[] Ids(RiscVGuest guest)
    {
        var ids = new ulong[guest.Vcpu.GetRegList([])];
        guest.Vcpu.GetRegList(ids);
        return ids;
    }

    /// <summary>What a register of supervisor mode keeps of a value (privileged manual, chapter 12).</summary>
    private static ulong Kept(ulong number, ref ulong value, int xlen)
    {
        switch (number)
        {
            case KvmRiscV.Sstatus:
                // SIE, SPIE, SPP, FS, SUM and MXR; UXL is 2 on RV64, SD says that FS is dirty.
                var kept = value & 0xC_6122 | (xlen == 64 ? 2ul << 32 : 0);
                return (kept & 0x6000) == 0x6000 ? kept | 1ul << (xlen - 1) : kept;
            case KvmRiscV.Sie or KvmRiscV.Sip:
                return value & 0x222;
            case KvmRiscV.Stvec:
                return value & ~2ul;
            case KvmRiscV.Sepc:
                return value & ~1ul;
            case KvmRiscV.Satp:
                // A mode that exists: Sv39, Sv32.
                value = xlen == 64 ? value & 0x0FFF_FFFF_FFFF_FFFF | 8ul << 60 : value;
                return value;
            case KvmRiscV.Scounteren:
                return value & 7;
            default:
                return value;
        }
    }
}
