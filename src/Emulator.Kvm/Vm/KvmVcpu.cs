using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>A virtual processor.</summary>
/// <inheritdoc cref="IKvmVcpu" path="/remarks"/>
public sealed unsafe partial class KvmVcpu : IKvmVcpu
{
    /// <summary>Instructions between looks at what others want; at most some tenths of a millisecond.</summary>
    private const long Slice = 20_000;

    private const int MappingSize = 12288, DataOffset = 0x1000;
    private const ulong ApicBase = 0xFEE0_0800, ApicBaseBsp = 1 << 8;

    private readonly KvmVm _vm;
    private readonly NativeBlock _mapping;
    private readonly Lock _lock = new();
    private readonly Turn _turn = new();
    private readonly KvmRun* _run;
    private ulong _signals;
    private ulong _blocked;
    private ulong _apicBase;
    private ulong _cr8;
    private bool _hasRun;
    private bool _isDisposed;

    internal KvmVcpu(KvmVm vm, int id, IVcpuBackend backend)
    {
        _vm = vm;
        Id = id;
        Backend = backend;
        _mapping = new NativeBlock(MappingSize);
        _run = (KvmRun*)_mapping.Pointer;
        _apicBase = ApicBase | (id == 0 ? ApicBaseBsp : 0);
        ResetFpu();
    }

    /// <summary>Number of the vCPU.</summary>
    public int Id { get; }

    /// <inheritdoc/>
    public KvmRun* Shared => _run;

    /// <inheritdoc/>
    public Span<byte> Mapping => new(_mapping.Pointer, MappingSize);

    /// <summary><see cref="KvmRun.ImmediateExit"/>; setting it also ends the run under way, within a millisecond. From any thread.</summary>
    public bool ImmediateExit
    {
        get => Volatile.Read(ref _run->ImmediateExit) != 0;
        set
        {
            Volatile.Write(ref _run->ImmediateExit, value ? (byte)1 : (byte)0);
            if (value)
                EndRun();
        }
    }

    /// <summary>What executes it.</summary>
    internal IVcpuBackend Backend { get; }

    /// <inheritdoc/>
    public bool Run()
    {
        lock (_lock)
        {
            _hasRun = true;
            var hasTurn = _vm.Turns.Enter(_turn);

            // What an exit left half-way is completed whatever else is the matter.
            while (!hasTurn && Backend.IsIncomplete)
                hasTurn = _vm.Turns.Enter(_turn);
            try
            {
                return Run(ref hasTurn);
            }
            finally
            {
                if (hasTurn)
                    _vm.Turns.Leave();
            }
        }
    }

    /// <inheritdoc/>
    public void Kick() => Kick(1);

    /// <summary>What a signal of a number from 1 to 64 to the vCPU's thread does; one that is blocked (<see cref="SetSignalMask"/>) waits until it is not.</summary>
    public void Kick(int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signal, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signal, 64);
        var bit = 1UL << (signal - 1);
        Interlocked.Or(ref _signals, bit);
        if ((bit & Volatile.Read(ref _blocked)) == 0)
            EndRun();
    }

    /// <inheritdoc/>
    public void SetSignalMask(ulong? blocked)
    {
        lock (_lock)
        {
            Volatile.Write(ref _blocked, blocked ?? 0);
        }
    }

    /// <summary>Frees the vCPU; it must not be running.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _vm.Exclusively(Backend.Dispose);
            _mapping.Dispose();
            _turn.Dispose();
        }
    }

    private bool Run(ref bool hasTurn)
    {
        _cr8 = _run->Cr8;
        if (Backend.IsIncomplete)
        {
            var exit = Backend.Complete(Answer());
            if (exit != BackendExit.None)
                return Tell(exit);
        }

        while (true)
        {
            if (ImmediateExit)
            {
                TellState();
                return false;
            }

            if (!hasTurn || TakeSignal())
            {
                TakeSignal();
                _run->ExitReason = KvmExitReason.Intr;
                TellState();
                return false;
            }

            var exit = Backend.Run(Slice, Volatile.Read(ref _run->RequestInterruptWindow) != 0);
            if (exit != BackendExit.None)
                return Tell(exit);
            if (_vm.Turns.IsWanted)
            {
                _vm.Turns.Leave();
                hasTurn = _vm.Turns.Enter(_turn);
            }
        }
    }

    /// <summary>Has the run under way look at what it is to do.</summary>
    private void EndRun()
    {
        Backend.Stop();
        _vm.Turns.Cancel(_turn);
    }

    private bool TakeSignal()
    {
        var due = Volatile.Read(ref _signals) & ~_blocked;
        if (due == 0)
            return false;
        Interlocked.And(ref _signals, ~due);
        return true;
    }

    /// <summary>The client's data for the access that was told last.</summary>
    private ulong Answer()
    {
        var access = Backend.Access;
        return access.IsWrite ? 0 : access.Kind == AccessKind.Memory ? _run->Mmio.Data : *(ulong*)(_mapping.Pointer + DataOffset);
    }

    private bool Tell(BackendExit exit)
    {
        switch (exit)
        {
            case BackendExit.Access:
                TellAccess(Backend.Access);
                break;
            case BackendExit.Halt:
                _run->ExitReason = KvmExitReason.Hlt;
                break;
            case BackendExit.Shutdown:
                _run->ExitReason = KvmExitReason.Shutdown;
                break;
            case BackendExit.WindowOpen:
                _run->ExitReason = KvmExitReason.IrqWindowOpen;
                break;
            default:
                _run->ExitReason = KvmExitReason.InternalError;
                _run->Internal.Suberror = exit == BackendExit.FetchFailure ? KvmInternalError.Emulation : KvmInternalError.DeliveryEvent;
                _run->Internal.Ndata = 0;
                break;
        }

        TellState();
        return true;
    }

    private void TellAccess(in GuestAccess access)
    {
        if (access.Kind == AccessKind.Port)
        {
            _run->ExitReason = KvmExitReason.Io;
            _run->Io = new KvmRunIo
            {
                Direction = access.IsWrite ? KvmRunIo.Out : KvmRunIo.In,
                Size = (byte)access.Size,
                Port = (ushort)access.Address,
                Count = 1,
                DataOffset = DataOffset,
            };
            if (access.IsWrite)
                *(ulong*)(_mapping.Pointer + DataOffset) = access.Data;
        }
        else
        {
            _run->ExitReason = KvmExitReason.Mmio;
            _run->Mmio = new KvmRunMmio { PhysAddr = access.Address, Data = access.Data, Len = (uint)access.Size, IsWrite = (byte)(access.IsWrite ? 1 : 0) };
        }
    }

    /// <summary>What every exit tells.</summary>
    private void TellState()
    {
        _run->IfFlag = (byte)(Backend.InterruptFlag ? 1 : 0);
        _run->ReadyForInterruptInjection = (byte)(Backend.IsWindowOpen ? 1 : 0);
        _run->Cr8 = _cr8;
        _run->ApicBase = _apicBase;
    }
}
