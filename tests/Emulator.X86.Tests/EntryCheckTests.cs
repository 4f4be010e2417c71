using Emulator.Testing;
using Xunit;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>Every check of VM entry (SDM vol. 3, 26.1 to 26.3): a VMCS that is right but for one thing.</summary>
public sealed class EntryCheckTests
{
    private const uint Controls = 7, Host = 8, Secondary = 1u << 31, Valid = 1u << 31;

    private static readonly (string Name, uint Error, Action<VmxMachine> Spoil)[] Errors =
    [
        ("pin control missing", Controls, m => m[F.Pin] &= ~0x10u),
        ("pin control unknown", Controls, m => m[F.Pin] |= 0x40),
        ("processor control missing", Controls, m => m[F.Proc] &= ~2u),
        ("processor control unknown", Controls, m => m[F.Proc] |= 1),
        ("secondary control unknown", Controls, m => m.With(F.Proc, Secondary).With(F.Proc2, 1)),
        ("five CR3 targets", Controls, m => m[F.Cr3Targets] = 5),
        ("I/O bitmap A unaligned", Controls, m => m.With(F.Proc, 1 << 25).Set(F.IoBitmapA, VmxMachine.BitmapA + 4)),
        ("I/O bitmap B beyond 4 GB", Controls, m => m.With(F.Proc, 1 << 25).Set(F.IoBitmapB + 1, 1)),
        ("MSR bitmaps unaligned", Controls, m => m.With(F.Proc, 1 << 28).Set(F.MsrBitmaps, 8)),
        ("virtual NMIs without NMI exiting", Controls, m => m[F.Pin] |= 0x20),
        ("NMI window without virtual NMIs", Controls, m => m[F.Proc] |= 1 << 22),
        ("VPID 0", Controls, m => m.With(F.Proc, Secondary).With(F.Proc2, 1 << 5)),
        ("EPT of memory type 1", Controls, m => { m.UseEpt(); m[F.EptPointer] = VmxMachine.Ept | 0x19; }),
        ("EPT of three levels", Controls, m => { m.UseEpt(); m[F.EptPointer] = VmxMachine.Ept | 0x16; }),
        ("EPT pointer with reserved bits", Controls, m => { m.UseEpt(); m[F.EptPointer] |= 0x80; }),
        ("EPT pointer too high", Controls, m => m.UseEpt().Set(F.EptPointer + 1, 0x10)),
        ("unrestricted guest without EPT", Controls, m => m.With(F.Proc, Secondary).With(F.Proc2, 1 << 7)),
        ("exit control missing", Controls, m => m[F.ExitControls] &= ~1u),
        ("exit control unknown", Controls, m => m[F.ExitControls] |= 1 << 9),
        ("exit's store list unaligned", Controls, m => m.Set(F.ExitStoreCount, 1).Set(F.ExitStoreList, 8)),
        ("exit's load list beyond 4 GB", Controls, m => m.Set(F.ExitLoadCount, 2).Set(F.ExitLoadList, 0xFFFF_FFF0)),
        ("entry control missing", Controls, m => m[F.EntryControls] &= ~1u),
        ("entry control unknown", Controls, m => m[F.EntryControls] |= 1 << 9),
        ("entry's load list unaligned", Controls, m => m.Set(F.EntryLoadCount, 1).Set(F.EntryLoadList, 4)),
        ("event of type 1", Controls, m => m[F.EntryEvent] = Valid | 1 << 8),
        ("event of type 7", Controls, m => m[F.EntryEvent] = Valid | 7 << 8),
        ("NMI with vector 3", Controls, m => m[F.EntryEvent] = Valid | 2 << 8 | 3),
        ("exception 32", Controls, m => m[F.EntryEvent] = Valid | 3 << 8 | 32),
        ("page fault without error code", Controls, m => m[F.EntryEvent] = Valid | 3 << 8 | 14),
        ("divide error with error code", Controls, m => m[F.EntryEvent] = Valid | 3 << 8 | 1 << 11),
        ("interrupt with error code", Controls, m => m[F.EntryEvent] = Valid | 1 << 11 | 0x20),
        ("event with reserved bits", Controls, m => m[F.EntryEvent] = Valid | 1 << 12 | 0x20),
        ("error code of more than 15 bits", Controls, m => m.Set(F.EntryEvent, Valid | 1 << 11 | 3 << 8 | 14).Set(F.EntryError, 0x8000)),
        ("software interrupt of length 0", Controls, m => m[F.EntryEvent] = Valid | 4 << 8 | 0x20),
        ("breakpoint of length 16", Controls, m => m.Set(F.EntryEvent, Valid | 6 << 8 | 3).Set(F.EntryLength, 16)),
        ("host CR0 without paging", Host, m => m[F.HostCr0] &= 0x7FFF_FFFF),
        ("host CR0 without NE", Host, m => m[F.HostCr0] &= ~0x20u),
        ("host CR4 without VMXE", Host, m => m[F.HostCr4] &= ~0x2000u),
        ("host CR4 with a bit that does not exist", Host, m => m[F.HostCr4] |= 1 << 16),
        ("host PAT of type 2", Host, m => m.With(F.ExitControls, 1 << 19).Set(F.HostPat, 2)),
        ("host EFER with LME", Host, m => m.With(F.ExitControls, 1 << 21).Set(F.HostEfer, 0x100)),
        ("host CS with RPL 3", Host, m => m[F.HostSelectors + F.Cs] = 11),
        ("host DS in the LDT", Host, m => m[F.HostSelectors + F.Ds] = 20),
        ("host CS null", Host, m => m[F.HostSelectors + F.Cs] = 0),
        ("host TR null", Host, m => m[F.HostSelectors + F.Ldtr] = 0),
        ("host SS null", Host, m => m[F.HostSelectors + F.Ss] = 0),
    ];

    private static readonly (string Name, uint Qualification, Action<VmxMachine> Spoil)[] GuestStates =
    [
        ("CR0 without paging", 0, m => m[F.GuestCr0] &= 0x7FFF_FFFF),
        ("CR0 without NE", 0, m => m[F.GuestCr0] &= ~0x20u),
        ("CR0 with paging and without protection", 0, m => { Unrestricted(m); m[F.GuestCr0] &= ~1u; }),
        ("CR4 without VMXE", 0, m => m[F.GuestCr4] &= ~0x2000u),
        ("CR4 with a bit that does not exist", 0, m => m[F.GuestCr4] |= 1 << 16),
        ("DEBUGCTL", 0, m => m[F.DebugCtl] = 0x80),
        ("PAT of type 3", 0, m => m.With(F.EntryControls, 1 << 14).Set(F.GuestPat, 3)),
        ("EFER with LMA", 0, m => m.With(F.EntryControls, 1 << 15).Set(F.GuestEfer, 0x400)),
        ("EFLAGS without bit 1", 0, m => m[F.Eflags] = 0),
        ("EFLAGS with bit 15", 0, m => m[F.Eflags] = 0x8002),
        ("EFLAGS with bit 22", 0, m => m[F.Eflags] = 0x40_0002),
        ("EFLAGS.VM without protection", 0, m => { Unrestricted(m); m[F.GuestCr0] &= 0x7FFF_FFFE; m[F.Eflags] = 0x2_0002; }),
        ("interrupt injected with IF clear", 0, m => m[F.EntryEvent] = Valid | 0x20),
        ("GDTR limit", 0, m => m[F.GdtrLimit] = 0x1_0000),
        ("IDTR limit", 0, m => m[F.IdtrLimit] = 0x1_0000),
        ("virtual-8086 base", 0, m => { Virtual8086(m); m[F.GuestBases + F.Ds] = 0x123; }),
        ("virtual-8086 limit", 0, m => { Virtual8086(m); m[F.GuestLimits + F.Es] = 0xFFFFF; }),
        ("virtual-8086 rights", 0, m => { Virtual8086(m); m[F.GuestRights + F.Fs] = 0x93; }),
        ("CS unusable", 0, m => m[F.GuestRights + F.Cs] |= 0x1_0000),
        ("CS not accessed", 0, m => m[F.GuestRights + F.Cs] = 0xC09A),
        ("CS data", 0, m => m[F.GuestRights + F.Cs] = 0xC093),
        ("CS a system segment", 0, m => m[F.GuestRights + F.Cs] = 0xC08B),
        ("CS not present", 0, m => m[F.GuestRights + F.Cs] = 0xC01B),
        ("CS with reserved rights", 0, m => m[F.GuestRights + F.Cs] = 0xC19B),
        ("CS with high reserved rights", 0, m => m[F.GuestRights + F.Cs] = 0x2_C09B),
        ("CS limit without granularity", 0, m => m[F.GuestRights + F.Cs] = 0x409B),
        ("CS limit with granularity", 0, m => m[F.GuestLimits + F.Cs] = 0xFFFF_F000),
        ("CS of level 3 with SS of level 0", 0, m => m[F.GuestRights + F.Cs] = 0xC0FB),
        ("conforming CS of level 1 with SS of level 0", 0, m => m[F.GuestRights + F.Cs] = 0xC0BF),
        ("CS type 3 at level 3, unrestricted", 0, m => { Unrestricted(m); m[F.GuestRights + F.Cs] = 0xC0F3; }),
        ("SS RPL not that of CS", 0, m => m[F.GuestSelectors + F.Ss] = 19),
        ("SS level not its RPL", 0, m => { m[F.GuestRights + F.Ss] = 0xC0F3; m[F.GuestRights + F.Cs] = 0xC0FB; }),
        ("SS read-only", 0, m => m[F.GuestRights + F.Ss] = 0xC091),
        ("SS not present", 0, m => m[F.GuestRights + F.Ss] = 0xC013),
        ("DS not accessed", 0, m => m[F.GuestRights + F.Ds] = 0xC092),
        ("ES unreadable code", 0, m => m[F.GuestRights + F.Es] = 0xC099),
        ("FS a system segment", 0, m => m[F.GuestRights + F.Fs] = 0xC083),
        ("GS level below its RPL", 0, m => m[F.GuestSelectors + F.Gs] = 19),
        ("TR unusable", 0, m => m[F.GuestRights + F.Tr] |= 0x1_0000),
        ("TR available", 0, m => m[F.GuestRights + F.Tr] = 0x89),
        ("TR in the LDT", 0, m => m[F.GuestSelectors + F.Tr] = 28),
        ("TR not a system segment", 0, m => m[F.GuestRights + F.Tr] = 0x9B),
        ("LDTR of type 3", 0, m => m.Set(F.GuestRights + F.Ldtr, 0x83).Set(F.GuestLimits + F.Ldtr, 0xFF)),
        ("LDTR in the LDT", 0, m => m.Set(F.GuestRights + F.Ldtr, 0x82).Set(F.GuestSelectors + F.Ldtr, 4)),
        ("activity state 3", 0, m => m[F.Activity] = 3),
        ("HLT at level 3", 0, m => { Level3(m); m[F.Activity] = 1; }),
        ("HLT with blocking", 0, m => m.Set(F.Activity, 1).Set(F.Interruptibility, 2)),
        ("HLT with a software interrupt", 0, m => m.Set(F.Activity, 1).Set(F.EntryEvent, Valid | 4 << 8 | 0x20).Set(F.EntryLength, 2)),
        ("shutdown with an interrupt", 0, m => m.Set(F.Activity, 2).Set(F.Eflags, 0x202).Set(F.EntryEvent, Valid | 0x20)),
        ("interruptibility reserved", 0, m => m[F.Interruptibility] = 0x20),
        ("blocking by SMI", 0, m => m[F.Interruptibility] = 4),
        ("blocking by STI and MOV SS", 0, m => m.Set(F.Eflags, 0x202).Set(F.Interruptibility, 3)),
        ("blocking by STI with IF clear", 0, m => m[F.Interruptibility] = 1),
        ("interrupt injected under STI", 0, m => m.Set(F.Eflags, 0x202).Set(F.Interruptibility, 1).Set(F.EntryEvent, Valid | 0x20)),
        ("NMI injected under MOV SS", 0, m => m.Set(F.Interruptibility, 2).Set(F.EntryEvent, Valid | 2 << 8 | 2)),
        ("virtual NMI injected while blocked", 0, m => m.With(F.Pin, 0x28).Set(F.Interruptibility, 8).Set(F.EntryEvent, Valid | 2 << 8 | 2)),
        ("pending debug reserved", 0, m => m[F.PendingDebug] = 0x10),
        ("single step missing", 0, m => m.Set(F.Eflags, 0x102).Set(F.Interruptibility, 2)),
        ("single step without TF", 0, m => m.Set(F.PendingDebug, 0x4000).Set(F.Interruptibility, 2)),
        ("link pointer unaligned", 4, m => m.Set(F.Link, 0x3008).Set(F.Link + 1, 0)),
        ("link pointer to this VMCS", 4, m => m.Set(F.Link, VmxMachine.Vmcs).Set(F.Link + 1, 0)),
        ("link pointer to something else", 4, m => m.Set(F.Link, VmxMachine.Gdt).Set(F.Link + 1, 0)),
        ("page-directory pointers in memory", 2, m => { m.Write(VmxMachine.Lists, 0x1E7, 8); m.Set(F.GuestCr4, 0x2030).Set(F.GuestCr3, VmxMachine.Lists); }),
        ("page-directory pointers in the VMCS", 2, m => m.UseEpt().Set(F.GuestCr4, 0x2030).Set(F.GuestPdptes + 4, 3)),
    ];

    public static TheoryData<string> ErrorNames => new([.. Errors.Select(e => e.Name)]);

    public static TheoryData<string> GuestStateNames => new([.. GuestStates.Select(e => e.Name)]);

    [Theory, MemberData(nameof(ErrorNames))]
    public void Controls_and_host_state_are_checked(string name)
    {
        (_, uint error, Action<VmxMachine> spoil) = Errors.Single(e => e.Name == name);
        using var m = new VmxMachine();
        m.Guest(a => a.vmcall());
        spoil(m);
        Assert.Equal(error, m.Enter());
        Assert.False(m.InGuest);
    }

    [Theory, MemberData(nameof(GuestStateNames))]
    public void Guest_state_is_checked(string name)
    {
        (_, uint qualification, Action<VmxMachine> spoil) = GuestStates.Single(e => e.Name == name);
        using var m = new VmxMachine();
        m.Guest(a => a.vmcall());
        spoil(m);
        ulong esp = m.Cpu.Get("esp");
        Assert.Equal(0u, m.Enter());
        Assert.False(m.InGuest);
        Assert.Equal(VmxMachine.HostEntry, m.Cpu.Get("eip"));
        Assert.Equal(esp, m.Cpu.Get("esp"));
        Assert.Equal(0x8000_0021, m[F.Reason]);
        Assert.Equal(qualification, m[F.Qualification]);
        // The VMCS is not launched by what has failed.
        m.Execute(a => a.vmresume());
        Assert.Equal(5u, m[F.InstructionError]);
    }

    /// <summary>What is next to the states above is right.</summary>
    [Fact]
    public void Right_states_pass()
    {
        Action<VmxMachine>[] right =
        [
            _ => { }, Virtual8086, Unrestricted, Level3, m => { m.UseEpt(0x40); m.Set(F.GuestCr4, 0x2010); },
            m => m.Set(F.Eflags, 0x202).Set(F.Interruptibility, 1), m => m[F.Interruptibility] = 2, m => m[F.Interruptibility] = 8,
            m => m.Set(F.Eflags, 0x102).Set(F.Interruptibility, 2).Set(F.PendingDebug, 0x4000),
            m => m.With(F.Proc, Secondary).With(F.Proc2, 1 << 5).Set(F.Vpid, 1),
            m => m.Set(F.Link, VmxMachine.VmxonRegion).Set(F.Link + 1, 0),
            m => m[F.GuestRights + F.Es] = 0x1_0000,
            m => m.With(F.Pin, 0x28).With(F.Proc, 1 << 22).Set(F.Interruptibility, 8),
        ];
        foreach (Action<VmxMachine> change in right)
        {
            using var m = new VmxMachine();
            m.Guest(a => a.vmcall());
            change(m);
            Assert.Equal(0u, m.Enter());
            Assert.True(m.InGuest);
        }
    }

    [Fact]
    public void The_order_of_the_checks_is_the_manuals()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.vmcall());
        m[F.Eflags] = 0;
        m[F.HostSelectors + F.Cs] = 0;
        m[F.Pin] |= 0x40;
        m.Execute(a => a.vmresume());
        Assert.Equal(5u, m[F.InstructionError]);
        Assert.Equal(Controls, m.Enter());
        m[F.Pin] &= ~0x40u;
        Assert.Equal(Host, m.Enter());
        m[F.HostSelectors + F.Cs] = 8;
        Assert.Equal(0u, m.Enter());
        Assert.Equal(0x8000_0021, m[F.Reason]);
    }

    internal static void Unrestricted(VmxMachine m) => m.UseEpt().With(F.Proc2, 1 << 7);

    internal static void Level3(VmxMachine m)
    {
        m[F.GuestSelectors + F.Cs] = 0x2B;
        m[F.GuestRights + F.Cs] = 0xC0FB;
        m[F.GuestSelectors + F.Ss] = 0x33;
        m[F.GuestRights + F.Ss] = 0xC0F3;
    }

    private static void Virtual8086(VmxMachine m)
    {
        m[F.Eflags] = 0x2_0002;
        for (uint segment = F.Es; segment <= F.Gs; segment += 2)
        {
            m[F.GuestSelectors + segment] = 0x100;
            m[F.GuestBases + segment] = 0x1000;
            m[F.GuestLimits + segment] = 0xFFFF;
            m[F.GuestRights + segment] = 0xF3;
        }
    }
}
