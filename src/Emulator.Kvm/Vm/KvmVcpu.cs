using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>A virtual processor: its run loop, whatever its instruction set.</summary>
/// <inheritdoc cref="IKvmVcpu" path="/remarks"/>
public abstract unsafe partial class KvmVcpu : IKvmVcpu
{
    /// <summary>Instructions between looks at what others want; at most some tenths of a millisecond.</summary>
    private const long Slice = 20_000;

    private const int MappingSize = 12288, DataOffset = 0x1000;

    private readonly NativeBlock _mapping;
    private readonly Turn _turn = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly KvmRun* _run;
    private ulong _signals;
    private ulong _blocked;
    private bool _isDisposed;

    private protected KvmVcpu(KvmVm vm, int id, IVcpuBackend backend)
    {
        Vm = vm;
        Id = id;
        Backend = backend;
        _mapping = new NativeBlock(MappingSize);
        _run = (KvmRun*)_mapping.Pointer;
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

    /// <summary>Its virtual machine.</summary>
    private protected KvmVm Vm { get; }

    /// <summary>Held by whoever runs the vCPU or looks at it.</summary>
    private protected Lock Sync { get; } = new();

    /// <summary>Whether it was run at least once.</summary>
    private protected bool HasRun { get; private set; }

    /// <inheritdoc/>
    public bool Run()
    {
        lock (Sync)
        {
            HasRun = true;
            var hasTurn = Vm.Turns.Enter(_turn);

            // What an exit left half-way is completed whatever else is the matter.
            while (!hasTurn && Backend.IsIncomplete)
                hasTurn = Vm.Turns.Enter(_turn);
            try
            {
                return Run(ref hasTurn);
            }
            finally
            {
                if (hasTurn)
                    Vm.Turns.Leave();
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
        lock (Sync)
        {
            Volatile.Write(ref _blocked, blocked ?? 0);
        }
    }

    /// <summary>Frees the vCPU; it must not be running.</summary>
    public void Dispose()
    {
        lock (Sync)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            Vm.Free(this);
            _mapping.Dispose();
            _turn.Dispose();
            _wake.Dispose();
        }
    }

    /// <summary>Has the run under way look again at what the vCPU is to do (an interrupt, a state others set), without ending it. From any thread.</summary>
    internal void LookAgain()
    {
        Backend.Stop();
        _wake.Set();
    }

    /// <summary>A run begins: takes in what the client left in the mapping.</summary>
    private protected abstract void Enter();

    /// <summary>Before instructions are executed: takes in what happened outside. How long the vCPU has to wait (-1 for ever) before it may go on; 0 not at all.</summary>
    /// <remarks>In milliseconds. The wait ends early when something happens.</remarks>
    private protected virtual int Prepare() => 0;

    /// <summary>Executes at most so many instructions.</summary>
    private protected abstract BackendExit Execute(long instructions);

    /// <summary>Tells the client of an exit that is not an access, or false when there is nothing to tell and the vCPU goes on.</summary>
    private protected abstract bool Tell(BackendExit exit);

    /// <summary>What every exit tells.</summary>
    private protected virtual void TellState()
    {
    }

    /// <summary>Tells of a vCPU that cannot go on.</summary>
    private protected void TellError(KvmInternalError suberror)
    {
        _run->ExitReason = KvmExitReason.InternalError;
        _run->Internal.Suberror = suberror;
        _run->Internal.Ndata = 0;
    }

    private bool Run(ref bool hasTurn)
    {
        Enter();
        if (Backend.IsIncomplete)
        {
            var exit = Backend.Complete(Answer());
            if (exit != BackendExit.None && TellExit(exit))
                return true;
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

            var wait = Prepare();
            if (wait != 0)
            {
                // What happens from the reset on ends the next wait; what happened before it is seen by the looks above.
                Vm.Turns.Leave();
                _wake.Wait(wait);
                _wake.Reset();
                hasTurn = Vm.Turns.Enter(_turn);
                continue;
            }

            var exit = Execute(Slice);
            if (exit != BackendExit.None && TellExit(exit))
                return true;
            if (Vm.Turns.IsWanted)
            {
                Vm.Turns.Leave();
                hasTurn = Vm.Turns.Enter(_turn);
            }
        }
    }

    /// <summary>Has the run under way end.</summary>
    private void EndRun()
    {
        LookAgain();
        Vm.Turns.Cancel(_turn);
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

    private bool TellExit(BackendExit exit)
    {
        if (exit == BackendExit.Access)
            TellAccess(Backend.Access);
        else if (!Tell(exit))
            return false;
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
}
