using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>
/// A monitor that uses the processor's own support: the guest runs in VMX non-root operation, at its own privilege levels and on its own page tables under extended ones. Sensitive instructions
/// exit by the controls of the VMCS, so there is nothing to patch (`--critical intercept`).
/// </summary>
/// <remarks>
/// <para>The virtual CPU is the one a machine's devices are connected to, as with <see cref="TrapAndEmulate{TIsa}"/>; the real one is a second generated CPU in root operation
/// (<see cref="VmxRoot"/>), of which this class is the software. It enters the guest by VMLAUNCH and VMRESUME and learns of exits by VMREAD.</para>
/// <para>An instruction that exits is executed by the virtual CPU, as are events when they are due and guests the processor does not accept (VM entry fails: a hybrid monitor, Theorem 3).</para>
/// </remarks>
public sealed unsafe class VmxMonitor<TIsa> : IMonitor, IExecutor
    where TIsa : struct, IIsa
{
    private const uint ExternalInterruptExiting = 1 << 0, NmiExiting = 1 << 3, VirtualNmis = 1 << 5;
    private const uint InterruptWindow = 1 << 2, HltExiting = 1 << 7, RdtscExiting = 1 << 12, NmiWindow = 1 << 22, UnconditionalIo = 1 << 24, SecondaryControls = 1u << 31;
    private const uint EnableEpt = 1 << 1, DescriptorTables = 1 << 2, Unrestricted = 1 << 7;
    private const uint SaveDebugControls = 1 << 2, LoadEferAtExit = 1 << 21, LoadDebugControls = 1 << 2, LoadEferAtEntry = 1 << 15;
    private const uint PinMsr = 0x481, ProcessorMsr = 0x482, ExitMsr = 0x483, EntryMsr = 0x484, SecondaryMsr = 0x48B;
    private const uint EntryFailure = 1u << 31;
    private const uint DebugVector = 1, VectorMask = 0xFF, TypeMask = 7 << 8, PrivilegedSoftware = 5 << 8;
    private const uint DebugHits = 0xF, SingleStep = 1 << 14, GeneralDetect = 1 << 13;
    private const uint WriteAccess = 1 << 1;
    private const int MostReasons = 64;

    private readonly Cpu<TIsa> _virtual;
    private readonly X86State* _guest;
    private readonly VmxRoot _root;
    private readonly X86State* _real;
    private readonly ExtendedPageTables _ept;
    private readonly GuestState _state;
    private readonly long[] _exitsOf;
    private readonly long[] _reasons = new long[MostReasons];
    private readonly ExitSites _sites = new();
    private uint _processorControls;
    private bool _mapChanged;
    private long _violations;
    private long _direct;
    private long _interpreted;

    /// <summary>Puts a monitor under a virtual CPU of x86; from the next run on it is in charge.</summary>
    /// <param name="virtualCpu">The CPU whose instructions are to run in non-root operation; its state structure is that of <see cref="X86Isa"/>.</param>
    /// <param name="isa">Its metadata.</param>
    /// <exception cref="ArgumentException">The CPU has no physical memory that can be shared.</exception>
    public VmxMonitor(Cpu<TIsa> virtualCpu, IsaMetadata isa)
    {
        ArgumentNullException.ThrowIfNull(virtualCpu);
        ArgumentNullException.ThrowIfNull(isa);
        _virtual = virtualCpu;
        _guest = (X86State*)virtualCpu.State;
        Isa = isa;
        PhysicalMemory memory = virtualCpu.Context.Buses.OfType<PhysicalMemory>().FirstOrDefault()
            ?? throw new ArgumentException("the CPU's memory is no PhysicalMemory", nameof(virtualCpu));
        _root = new VmxRoot(memory);
        _real = (X86State*)_root.Cpu.State;
        _ept = new ExtendedPageTables(_root.Memory, _root.Own + VmxRoot.Free, _root.Base + VmxRoot.Free, VmxRoot.Size - VmxRoot.Free);
        _state = new GuestState(_root, _guest);
        _exitsOf = new long[isa.VariantForms.Count];
        memory.MapChanged += NoteMapChange;
        WriteControls();
        _virtual.Executor = this;
    }

    /// <inheritdoc/>
    public IsaMetadata Isa { get; }

    /// <inheritdoc/>
    public MonitorStatistics Statistics => new(_direct, _interpreted, Kinds(), [.. _exitsOf], _sites.ToList(), _violations)
    {
        Reasons = [.. _reasons.Select((count, reason) => (Name: ((VmExitReason)reason).ToString(), Count: count)).Where(r => r.Count > 0).OrderByDescending(r => r.Count)],
    };

    /// <inheritdoc/>
    public RunReason Run()
    {
        CpuHeader* v = _virtual.State;
        while (true)
        {
            // What is due between two instructions the virtual CPU does by itself, as always. The state in the middle of a repeated instruction has no place in a VMCS.
            bool direct = v->Attention == 0 && v->StopRequested == 0 && v->Remaining > 0 && _guest->repeating == 0 && _guest->VMX_MODE != 2;
            if ((direct ? RunDirectly() : Interpret(one: _guest->repeating != 0)) is { } reason)
                return reason;
        }
    }

    /// <inheritdoc/>
    public void DropCode() => _root.Cpu.DropCode();

    /// <inheritdoc/>
    public void RequestStop() => _real->Header.StopRequested = 1;

    /// <inheritdoc/>
    public void Dispose()
    {
        _virtual.Executor = null;
        ((PhysicalMemory)_virtual.Context.Buses.First(b => b is PhysicalMemory)).MapChanged -= NoteMapChange;
        _root.Dispose();
    }

    /// <summary>Enters the guest and handles its exit.</summary>
    private RunReason? RunDirectly()
    {
        CpuHeader* v = _virtual.State, r = _root.Cpu.State;
        if (_mapChanged)
        {
            _mapChanged = false;
            _ept.Clear();
            _root.Cpu.FlushTranslations();
        }

        _virtual.Settle();
        _state.Load();
        _state.Hold(VmcsField.ProcessorControls, _processorControls | (_guest->INTR != 0 ? InterruptWindow : 0) | (_guest->NMI_PENDING != 0 ? NmiWindow : 0));
        _state.LoadRegisters();

        // VM entry counts as one instruction, and so does the HLT after the exit.
        long start = v->Remaining + 1;
        r->Remaining = start;
        RunReason reason = _root.Enter();
        if (_root.HasNotStarted)
            return reason;
        bool ended = _root.InGuest;
        BetweenInstructions between = default;
        if (ended)
        {
            _root.Cpu.Settle();
            between = new BetweenInstructions(_real);
        }

        long executed = start - 1 - r->Remaining - (_root.IsWaiting ? 1 : 0);
        if (ended)
            _root.Interrupt();
        if (_root.EntryFailed)
            throw new InvalidOperationException($"VM entry failed: error {_root.Read(VmcsField.InstructionError)} of the monitor's own controls");
        if (!_root.IsIntact())
            _violations++;
        _state.Store();
        _virtual.FlushTranslations();
        uint code = _root.Read(VmcsField.ExitReason);
        if (ended)
        {
            _root.HasEntered();
            between.CopyTo(_guest);
            _virtual.StateChanged();
            Count(executed);
            return reason;
        }

        var why = (VmExitReason)(code & 0xFFFF);
        bool entered = (code & EntryFailure) == 0;
        if (entered)
            _root.HasEntered();
        _reasons[(int)why]++;
        bool atBoundary = why is VmExitReason.InterruptWindow or VmExitReason.NmiWindow or VmExitReason.ExternalInterrupt || (why == VmExitReason.Exception && Debug());
        if (!atBoundary)
        {
            // RF is saved as it would be for a fault's handler; there is none.
            _guest->EFLAGS_RF = 0;
        }

        _virtual.StateChanged();

        // An instruction that exits has started on the real CPU; it counts when the virtual one executes it.
        Count(atBoundary || !entered ? executed : executed - 1);
        if (atBoundary)
            return null;
        if (why == VmExitReason.EptViolation && _ept.Map(_root.Read64(VmcsField.GuestPhysicalAddress), (_root.Read(VmcsField.ExitQualification) & WriteAccess) != 0))
            return null;
        return Carry(entered);
    }

    /// <summary>The virtual CPU executes the instruction that exited.</summary>
    private RunReason? Carry(bool exited)
    {
        CpuHeader* v = _virtual.State;
        ulong pc = _virtual.Pc;
        if (Interpret(one: true) is { } reason)
            return reason;
        if (exited && _virtual.Engine.LastVariant is var variant && variant < _exitsOf.Length)
        {
            _exitsOf[variant]++;
            _sites.Add(pc, variant);
        }

        // A repeated instruction is at its next iteration, which would exit as this one did.
        while (_virtual.Pc == pc && _guest->repeating != 0 && v->StopRequested == 0 && v->Remaining > 0)
        {
            if (Interpret(one: true) is { } last)
                return last;
        }

        return null;
    }

    /// <summary>Hands a debug trap over to the virtual CPU, for which it is due at this boundary. False when an instruction raised it, which is to be executed again.</summary>
    private bool Debug()
    {
        if ((_root.Read(VmcsField.ExitInterruption) & VectorMask) != DebugVector)
            return false;
        uint status = _root.Read(VmcsField.ExitQualification);
        if ((status & GeneralDetect) != 0 || (_root.Read(VmcsField.ExitInterruption) & TypeMask) == PrivilegedSoftware)
            return false;
        _guest->stepping = (byte)((status & SingleStep) != 0 ? 1 : 0);
        _guest->pending_db = (ushort)(status & DebugHits);
        _guest->debug_due = (byte)(_guest->pending_db != 0 ? 1 : 0);
        return true;
    }

    /// <summary>Has the virtual CPU do what comes next by itself: an event, the next instruction, or all until something is out of the ordinary.</summary>
    private RunReason? Interpret(bool one)
    {
        long before = _virtual.Instructions;
        RunReason? reason = one ? _virtual.Engine.RunOne() : _virtual.Engine.RunPart();
        _interpreted += _virtual.Instructions - before;
        return reason;
    }

    private void Count(long executed)
    {
        _virtual.State->Remaining -= executed;
        _direct += executed;
    }

    private void NoteMapChange() => _mapChanged = true;

    /// <summary>The controls that stay as they are (SDM vol. 3, 24.6 to 24.8).</summary>
    private void WriteControls()
    {
        _root.Write(VmcsField.PinControls, _root.Controls(PinMsr, ExternalInterruptExiting | NmiExiting | VirtualNmis));
        _processorControls = _root.Controls(ProcessorMsr, HltExiting | RdtscExiting | UnconditionalIo | SecondaryControls);
        _root.Write(VmcsField.SecondaryControls, _root.Controls(SecondaryMsr, EnableEpt | DescriptorTables | Unrestricted));
        _root.Write(VmcsField.ExitControls, _root.Controls(ExitMsr, SaveDebugControls | LoadEferAtExit));
        _root.Write(VmcsField.EntryControls, _root.Controls(EntryMsr, LoadDebugControls | LoadEferAtEntry));
        _root.Write(VmcsField.ExceptionBitmap, 1u << (int)DebugVector);
        _root.Write(VmcsField.PageFaultMask, 0);
        _root.Write(VmcsField.PageFaultMatch, 0);
        _root.Write(VmcsField.Cr3TargetCount, 0);
        _root.Write(VmcsField.ExitMsrStoreCount, 0);
        _root.Write(VmcsField.ExitMsrLoadCount, 0);
        _root.Write(VmcsField.EntryMsrLoadCount, 0);
        _root.Write(VmcsField.EntryInterruption, 0);
        _root.Write(VmcsField.ActivityState, 0);
        _root.Write(VmcsField.GuestPendingDebug, 0);
        _root.Write64(VmcsField.LinkPointer, ulong.MaxValue);
        _root.Write64(VmcsField.GuestDebugControl, 0);
        _root.Write64(VmcsField.GuestEfer, 0);
        _root.Write64(VmcsField.EptPointer, _ept.Pointer);
    }

    private IReadOnlyList<long> Kinds()
    {
        var kinds = new long[Enum.GetValues<VmExitKind>().Length];
        for (int reason = 0; reason < _reasons.Length; reason++)
            kinds[(int)KindOf((VmExitReason)reason)] += _reasons[reason];
        return kinds;
    }

    private static VmExitKind KindOf(VmExitReason reason) => reason switch
    {
        VmExitReason.Exception or VmExitReason.TripleFault or VmExitReason.InvalidGuestState => VmExitKind.Trap,
        VmExitReason.InterruptWindow or VmExitReason.NmiWindow or VmExitReason.ExternalInterrupt => VmExitKind.Attention,
        VmExitReason.Port or VmExitReason.EptViolation => VmExitKind.Device,
        _ => VmExitKind.Intercept,
    };

    /// <summary>What a processor keeps between two instructions. A slice of the simulation may end where none of the architecture's exits would: no software sees that moment, so it is taken as
    /// it is.</summary>
    private readonly struct BetweenInstructions(X86State* s)
    {
        private readonly byte _stepping = s->stepping, _resumed = s->resumed, _repeating = s->repeating, _due = s->debug_due, _shadow = s->shadow, _shadowSs = s->shadow_ss, _resume = s->EFLAGS_RF;
        private readonly ushort _pending = s->pending_db;

        public void CopyTo(X86State* s)
        {
            (s->stepping, s->resumed, s->repeating, s->debug_due) = (_stepping, _resumed, _repeating, _due);
            (s->shadow, s->shadow_ss, s->EFLAGS_RF, s->pending_db) = (_shadow, _shadowSs, _resume, _pending);
        }
    }
}
