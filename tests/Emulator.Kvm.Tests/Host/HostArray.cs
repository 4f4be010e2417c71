using System.Runtime.InteropServices;

namespace Emulator.Kvm.Tests.Host;

/// <summary>A structure of a count, padding and so many entries: kvm_msrs, kvm_cpuid2.</summary>
internal sealed unsafe class HostArray<T> : IDisposable
    where T : unmanaged
{
    private readonly int _room;

    public HostArray(ReadOnlySpan<T> entries)
    {
        _room = entries.Length;
        Pointer = (uint*)NativeMemory.AllocZeroed((nuint)(8 + _room * sizeof(T)));
        *Pointer = (uint)_room;
        entries.CopyTo(Entries);
    }

    public uint* Pointer { get; }

    public int Count => (int)*Pointer;

    public Span<T> Entries => new(Pointer + 2, _room);

    public void Dispose() => NativeMemory.Free(Pointer);
}
