using System.Runtime.InteropServices;

namespace Emulator.Kvm.Tests;

/// <summary>Structures are laid out as in the kernel's headers, so that a C program can share them.</summary>
public sealed class LayoutTests
{
    [Fact]
    public unsafe void Sizes_are_those_of_the_headers()
    {
        Assert.Equal((144, 312, 416), (sizeof(KvmRegs), sizeof(KvmSregs), sizeof(KvmFpu)));
        Assert.Equal((24, 16, 16, 40), (sizeof(KvmSegment), sizeof(KvmDtable), sizeof(KvmMsrEntry), sizeof(KvmCpuidEntry2)));
        Assert.Equal((32, 16, 4), (sizeof(KvmUserspaceMemoryRegion), sizeof(KvmDirtyLog), sizeof(KvmMpState)));
    }

    [Theory]
    [InlineData(nameof(KvmRun.RequestInterruptWindow), 0)]
    [InlineData(nameof(KvmRun.ImmediateExit), 1)]
    [InlineData(nameof(KvmRun.ExitReason), 8)]
    [InlineData(nameof(KvmRun.ReadyForInterruptInjection), 12)]
    [InlineData(nameof(KvmRun.IfFlag), 13)]
    [InlineData(nameof(KvmRun.Flags), 14)]
    [InlineData(nameof(KvmRun.Cr8), 16)]
    [InlineData(nameof(KvmRun.ApicBase), 24)]
    [InlineData(nameof(KvmRun.Io), 32)]
    [InlineData(nameof(KvmRun.Mmio), 32)]
    [InlineData(nameof(KvmRun.Internal), 32)]
    [InlineData(nameof(KvmRun.FailEntry), 32)]
    public void Fields_of_kvm_run_are_at_their_offsets(string field, int offset) => Assert.Equal(offset, (int)Marshal.OffsetOf<KvmRun>(field));

    [Fact]
    public void Fields_of_the_union_are_at_their_offsets()
    {
        Assert.Equal([0, 1, 2, 4, 8], Offsets<KvmRunIo>(nameof(KvmRunIo.Direction), nameof(KvmRunIo.Size), nameof(KvmRunIo.Port), nameof(KvmRunIo.Count), nameof(KvmRunIo.DataOffset)));
        Assert.Equal([0, 8, 16, 20], Offsets<KvmRunMmio>(nameof(KvmRunMmio.PhysAddr), nameof(KvmRunMmio.Data), nameof(KvmRunMmio.Len), nameof(KvmRunMmio.IsWrite)));
        Assert.Equal([0, 4, 8], Offsets<KvmRunInternal>(nameof(KvmRunInternal.Suberror), nameof(KvmRunInternal.Ndata), nameof(KvmRunInternal.Data)));
        Assert.Equal([0, 8], Offsets<KvmRunFailEntry>(nameof(KvmRunFailEntry.HardwareEntryFailureReason), nameof(KvmRunFailEntry.Cpu)));
        Assert.Equal([0, 128, 130, 132, 134, 136, 144, 152, 408], Offsets<KvmFpu>(nameof(KvmFpu.Fpr), nameof(KvmFpu.Fcw), nameof(KvmFpu.Fsw), nameof(KvmFpu.Ftwx),
            nameof(KvmFpu.LastOpcode), nameof(KvmFpu.LastIp), nameof(KvmFpu.LastDp), nameof(KvmFpu.Xmm), nameof(KvmFpu.Mxcsr)));
    }

    private static int[] Offsets<T>(params string[] fields) => [.. fields.Select(field => (int)Marshal.OffsetOf<T>(field))];
}
