using System.Runtime.InteropServices;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>A virtual machine: memory slots and vCPUs.</summary>
/// <remarks>Any thread may call it. One vCPU executes at a time, and hands over between blocks of instructions: every instruction of the guest is atomic to the others.</remarks>
public sealed unsafe class KvmVm : IKvmVm
{
    /// <summary>Number of memory slots and of vCPUs a VM can have.</summary>
    public const int MemorySlots = 512, MaxVcpus = 255;

    private const ulong PageSize = PhysicalMemory.PageSize;

    private readonly Dictionary<uint, MemorySlot> _slots = [];
    private readonly Dictionary<int, KvmVcpu> _vcpus = [];
    private readonly HashSet<int> _ids = [];
    private readonly List<NativeBlock> _kept = [];
    private readonly GuestArchitecture _architecture;
    private readonly GeneratedMachine _machine;
    private readonly KvmBackend _backend;
    private bool _isDisposed;

    internal KvmVm(GuestArchitecture architecture, KvmBackend backend)
    {
        _architecture = architecture;
        _backend = backend;
        _machine = architecture.CreateMachine();
        _machine.Memory.PageWritten += NoteWrite;
    }

    /// <summary>The vCPUs that were not freed; for whoever has the machine.</summary>
    internal Dictionary<int, KvmVcpu>.ValueCollection Vcpus => _vcpus.Values;

    /// <summary>Who has the machine.</summary>
    internal Turns Turns { get; } = new();

    /// <summary>What <see cref="SetTssAddr"/> set; nothing uses it, as real mode is described.</summary>
    public ulong TssAddress { get; private set; }

    /// <inheritdoc/>
    public void SetUserMemoryRegion(uint slot, ulong gpa, byte* memory, ulong size, KvmMemoryFlags flags = KvmMemoryFlags.None)
    {
        const string Call = "KVM_SET_USER_MEMORY_REGION";
        if (slot >= MemorySlots)
            throw new KvmException(Errno.EINVAL, Call, $"there is no slot {slot}", $"use slots 0 to {MemorySlots - 1}");
        if ((flags & ~(KvmMemoryFlags.LogDirtyPages | KvmMemoryFlags.ReadOnly)) != 0)
            throw new KvmException(Errno.EINVAL, Call, $"flags 0x{(uint)flags:x} are unknown", "use KVM_MEM_LOG_DIRTY_PAGES and KVM_MEM_READONLY");
        if (((gpa | size | (ulong)memory) & (PageSize - 1)) != 0)
            throw new KvmException(Errno.EINVAL, Call, "address, size and memory are not all aligned", "use multiples of 4096");
        var end = 1UL << _architecture.AddressBits;
        if (size > end || gpa > end - size)
            throw new KvmException(Errno.EINVAL, Call, $"0x{size:x} bytes at 0x{gpa:x} are beyond the guest's physical addresses", $"stay below {end >> 30} GB");
        Exclusively(() => Change(slot, gpa, memory, size, flags, Call));
    }

    /// <summary>Shows a block of memory to the guest; it is kept alive as long as this VM.</summary>
    /// <inheritdoc cref="SetUserMemoryRegion(uint, ulong, byte*, ulong, KvmMemoryFlags)"/>
    public void SetUserMemoryRegion(uint slot, ulong gpa, NativeBlock memory, KvmMemoryFlags flags = KvmMemoryFlags.None)
    {
        ArgumentNullException.ThrowIfNull(memory);
        SetUserMemoryRegion(slot, gpa, memory.Pointer, memory.Length, flags);
        Exclusively(() => _kept.Add(memory));
    }

    /// <summary>Writes bytes into the guest's memory, as a device would: code decoded from them is decoded afresh. Where no slot is, or a read-only one, bytes are dropped.</summary>
    /// <param name="gpa">Guest physical address.</param>
    /// <param name="bytes">The bytes.</param>
    public void WriteMemory(ulong gpa, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var (from, length) = ((nint)first, bytes.Length);
            Exclusively(() => _machine.Memory.CopyIn(gpa, new ReadOnlySpan<byte>((byte*)from, length)));
        }
    }

    /// <summary>Forgets all decoded code; to be called after code was changed through the client's own pointer. Data needs no such call.</summary>
    public void FlushCode() => Exclusively(() =>
    {
        foreach (var vcpu in _vcpus.Values)
            vcpu.Backend.DropCode();
    });

    /// <inheritdoc cref="IKvmVm.CreateVcpu"/>
    public KvmVcpu CreateVcpu(int id)
    {
        const string Call = "KVM_CREATE_VCPU";
        if (id is < 0 or >= MaxVcpus)
            throw new KvmException(Errno.EINVAL, Call, $"there is no vCPU {id}", $"use 0 to {MaxVcpus - 1}");
        Exclusively(() =>
        {
            if (_ids.Contains(id))
                throw new KvmException(Errno.EEXIST, Call, $"vCPU {id} exists", "create each once");
            _vcpus.Add(id, _architecture.CreateVcpu(this, _machine, id, _backend));
            _ids.Add(id);
        });
        return _vcpus[id];
    }

    IKvmVcpu IKvmVm.CreateVcpu(int id) => CreateVcpu(id);

    /// <inheritdoc/>
    public void GetDirtyLog(uint slot, Span<byte> bitmap)
    {
        const string Call = "KVM_GET_DIRTY_LOG";
        if (slot >= MemorySlots)
            throw new KvmException(Errno.EINVAL, Call, $"there is no slot {slot}", $"use slots 0 to {MemorySlots - 1}");
        var room = bitmap.Length;
        ulong[] log = [];
        Exclusively(() =>
        {
            if (!_slots.TryGetValue(slot, out var s) || s.Dirty == null)
                throw new KvmException(Errno.ENOENT, Call, $"writes to slot {slot} are not logged", "set KVM_MEM_LOG_DIRTY_PAGES first");
            if (room < s.Dirty.Length * sizeof(ulong))
                throw new KvmException(Errno.EFAULT, Call, $"the bitmap has {room} bytes", $"give {s.Dirty.Length * sizeof(ulong)}");
            log = [.. s.Dirty];
            if (log.AsSpan().ContainsAnyExcept(0UL))
            {
                Array.Clear(s.Dirty);
                _machine.Memory.LogWrites(s.Address, s.Size);
            }
        });
        MemoryMarshal.AsBytes<ulong>(log).CopyTo(bitmap);
    }

    /// <inheritdoc/>
    public void SetTssAddr(ulong address)
    {
        _architecture.CheckTssAddr(address);
        TssAddress = address;
    }

    /// <inheritdoc/>
    public int Ioctl(uint request, void* argument)
    {
        try
        {
            return Dispatch(request, argument);
        }
        catch (KvmException e)
        {
            return -(int)e.Errno;
        }
    }

    private int Dispatch(uint request, void* argument)
    {
        switch (request)
        {
            case KvmRequest.CreateVcpu:
                CreateVcpu((int)(nint)argument);
                return 0;
            case KvmRequest.CheckExtension:
                return _architecture.Extension((KvmCapability)(nint)argument);
            case KvmRequest.SetTssAddr:
                SetTssAddr((ulong)argument);
                return 0;
            case KvmRequest.SetUserMemoryRegion:
                var region = *KvmIoctl.NotNull<KvmUserspaceMemoryRegion>(argument, "KVM_SET_USER_MEMORY_REGION");
                SetUserMemoryRegion(region.Slot, region.GuestPhysAddr, (byte*)region.UserspaceAddr, region.MemorySize, region.Flags);
                return 0;
            case KvmRequest.GetDirtyLog:
                var log = *KvmIoctl.NotNull<KvmDirtyLog>(argument, "KVM_GET_DIRTY_LOG");
                GetDirtyLog(log.Slot, new Span<byte>(KvmIoctl.NotNull<byte>(log.DirtyBitmap, "KVM_GET_DIRTY_LOG"), DirtyBytes(log.Slot)));
                return 0;
            default:
                throw new KvmException(Errno.ENOTTY, $"ioctl 0x{request:x}", "a VM does not know it", "see docs/kvm.md");
        }
    }

    /// <summary>The vCPU of an id, for what was created by <see cref="Ioctl"/>; null when there is none.</summary>
    public KvmVcpu? FindVcpu(int id)
    {
        KvmVcpu? vcpu = null;
        Exclusively(() => vcpu = _vcpus.GetValueOrDefault(id));
        return vcpu;
    }

    /// <summary>Frees the VM and its vCPUs; none may be running.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        foreach (var vcpu in _vcpus.Values.ToArray())
            vcpu.Dispose();
        _machine.Dispose();
        _kept.Clear();
    }

    /// <summary>Whether a vCPU was made, freed since or not; for whoever has the machine.</summary>
    internal bool HasVcpus => _ids.Count != 0;

    /// <summary>Frees what executes a vCPU; its number is not given again.</summary>
    internal void Free(KvmVcpu vcpu) => Exclusively(() =>
    {
        _vcpus.Remove(vcpu.Id);
        vcpu.Backend.Dispose();
    });

    /// <summary>Does something while no vCPU executes.</summary>
    internal void Exclusively(Action action)
    {
        using var turn = new Turn();
        Turns.Enter(turn);
        try
        {
            action();
        }
        finally
        {
            Turns.Leave();
        }
    }

    private void Change(uint slot, ulong gpa, byte* memory, ulong size, KvmMemoryFlags flags, string call)
    {
        var old = _slots.GetValueOrDefault(slot);
        if (size == 0)
        {
            if (old == null)
                throw new KvmException(Errno.EINVAL, call, $"slot {slot} does not exist", "remove only what was set");
            Unmap(old);
            _slots.Remove(slot);
            return;
        }

        if (old != null)
        {
            if (old.Size != size || old.Memory != memory || ((old.Flags ^ flags) & KvmMemoryFlags.ReadOnly) != 0)
                throw new KvmException(Errno.EINVAL, call, $"slot {slot} is in use with another size, memory or KVM_MEM_READONLY", "remove it first (size 0)");
            if (old.Address == gpa && old.Flags == flags)
                return;
        }

        foreach (var (number, other) in _slots)
        {
            if (number != slot && other.Overlaps(gpa, size))
                throw new KvmException(Errno.EEXIST, call, $"slot {number} has some of these addresses", "remove it first (size 0)");
        }

        var isLogged = (flags & KvmMemoryFlags.LogDirtyPages) != 0;
        var pages = size / PageSize;
        var dirty = isLogged ? old?.Dirty ?? new ulong[(pages + 63) / 64] : null;
        if (old != null && old.Address != gpa)
            Unmap(old);
        _slots[slot] = new MemorySlot(gpa, memory, size, flags) { Dirty = dirty };
        _machine.Memory.MapMemory(gpa, size, memory, (flags & KvmMemoryFlags.ReadOnly) != 0 ? null : memory);
        if (isLogged)
            _machine.Memory.LogWrites(gpa, size);
        else
            _machine.Memory.EndWriteLog(gpa, size);
    }

    private void Unmap(MemorySlot slot)
    {
        _machine.Memory.EndWriteLog(slot.Address, slot.Size);
        _machine.Memory.UnmapMemory(slot.Address, slot.Size);
    }

    private void NoteWrite(ulong page)
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.Dirty != null && page - slot.Address < slot.Size)
            {
                var index = (page - slot.Address) / PageSize;
                slot.Dirty[index / 64] |= 1UL << (int)(index % 64);
                return;
            }
        }
    }

    private int DirtyBytes(uint slot)
    {
        var bytes = 0;
        Exclusively(() => bytes = _slots.TryGetValue(slot, out var s) && s.Dirty != null ? s.Dirty.Length * sizeof(ulong) : 0);
        return bytes;
    }
}
