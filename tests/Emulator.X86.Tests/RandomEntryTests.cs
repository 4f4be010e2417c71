using Emulator.Testing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>Entries with a VMCS that somebody tampered with: each ends in a VM-fail, in a failed entry or in an exit, or the guest runs on.</summary>
public sealed class RandomEntryTests
{
    private const int Entries = 4000, Steps = 60;
    // Where the exit reason stands in the VMCS region: isa/x86/vmxvmcs.isa.
    private const uint ReasonOffset = 0x2D4;

    private static readonly uint[] Fields =
    [
        .. Range(F.GuestSelectors, 8), .. Range(F.HostSelectors, 7), .. Range(F.IoBitmapA, 7), F.TscOffset, F.EptPointer, F.EptPointer + 1, F.Link, F.Link + 1, F.DebugCtl, F.GuestPat,
        F.GuestEfer, .. Range(F.GuestPdptes, 4), F.HostPat, F.HostEfer, F.Pin, F.Proc, F.Proc, F.Exceptions, F.PageFaultMask, F.PageFaultMatch, F.Cr3Targets, F.ExitControls, F.ExitStoreCount,
        F.ExitLoadCount, F.EntryControls, F.EntryLoadCount, F.EntryEvent, F.EntryError, F.EntryLength, F.Proc2, .. Range(F.GuestLimits, 8), F.GdtrLimit, F.IdtrLimit, .. Range(F.GuestRights, 8),
        F.Interruptibility, F.Activity, .. Range(F.Cr0Mask, 8), .. Range(F.GuestCr0, 3), .. Range(F.GuestBases, 8), F.GdtrBase, F.IdtrBase, F.Dr7, F.Esp, F.Eip, F.Eflags, F.PendingDebug,
        .. Range(F.HostCr0, 12),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_entry_ends(int seed)
    {
        var random = new Random(seed);
        using var m = new VmxMachine();
        m.UseEpt();
        m[F.Proc2] = 0x42;
        m.Guest(a =>
        {
            a.mov(ebx, __dword_ptr[VmxMachine.Data]);
            a.push(eax);
            a.pushfd();
            a.popfd();
            a.mov(ds, ecx);
            a.@int(3);
            a.vmcall();
        });
        m.Execute(a => a.nop());
        byte[] state = m.Cpu.SaveState();
        byte[] memory = new byte[0x30_000];
        m.Cpu.ReadMemory(0, memory);
        int failed = 0, refused = 0, left = 0, running = 0, stopped = 0;
        for (int i = 0; i < Entries; i++)
        {
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                Change(m, random);
            m.Execute(a => a.vmlaunch());
            if ((m.Cpu.Get("eflags") & 0x41) != 0 && !m.InGuest && m.Cpu.Get("eip") == VmxMachine.HostCode + 3)
            {
                Assert.Contains(m[F.InstructionError], (uint[])[7, 8]);
                failed++;
            }
            else if (!m.InGuest)
            {
                if (m.Cpu.Get("shutdown") == 1)
                    stopped++;
                else
                    refused++;
                Assert.Equal(0x8000_0000u, Reason(m) & 0x8000_0000);
                Assert.Contains(Reason(m) & 0xFFFF, (uint[])[33, 34]);
            }
            else
            {
                for (int s = 0; s < Steps && m.InGuest && m.Cpu.Step().Kind is StepKind.Completed or StepKind.Trapped; s++)
                {
                }

                if (m.InGuest)
                    running++;
                else if (m.Cpu.Get("shutdown") == 1)
                    stopped++;
                else
                    left++;
                if (!m.InGuest)
                    Assert.InRange(Reason(m), 0u, 54u);
            }

            m.Cpu.LoadState(state);
            m.Cpu.WriteMemory(0, memory);
            m.Cpu.StateChanged();
        }

        // All of them happen.
        Assert.True(failed > 100 && refused > 100 && left > 100, $"{failed} fail, {refused} are refused, {left} exit, {running} run on, {stopped} stop");
    }

    // Read past VMREAD, which the monitor cannot execute after an abort or with its own state spoilt.
    private static uint Reason(VmxMachine m) => (uint)m.Read(VmxMachine.Vmcs + ReasonOffset, 4);

    private static void Change(VmxMachine m, Random random)
    {
        uint field = Fields[random.Next(Fields.Length)];
        m[field] = random.Next(4) switch
        {
            0 => (uint)random.NextInt64(1L << 32),
            1 => m[field] ^ (uint)random.Next(16),
            _ => m[field] ^ 1u << random.Next(32),
        };
    }

    private static IEnumerable<uint> Range(uint first, uint count)
    {
        for (uint i = 0; i < count; i++)
            yield return first + i * 2;
    }
}
