using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Machines;

/// <summary>A PC with one processor: i440FX and PIIX chipset, 8259 pair, 8254, MC146818, 8042, 16550, VGA text, and QEMU's firmware configuration.</summary>
/// <remarks>One thread runs it; <see cref="Stop"/> may be called from any.</remarks>
public sealed unsafe partial class PcMachine : IDisposable
{
    private const ulong FourGigabytes = 1UL << 32;
    private const uint LowRomSize = 128 << 10;
    private const ulong AddressLine20 = 1UL << 20;

    private readonly PcDevices _devices;
    private readonly ulong _memorySize;
    private readonly ImageFile? _firmware;
    private readonly X86State* _state;
    private PcRun? _end;

    internal PcMachine(PcBuilder builder)
    {
        _memorySize = builder.MemorySize;
        _firmware = builder.Firmware;
        Memory = new PhysicalMemory(36);
        NativeBlock ram = Memory.AddRam(0, builder.MemorySize);
        uint lowSize = 0;
        byte* low = null;
        if (builder.Firmware is { } firmware)
        {
            NativeBlock rom = Memory.AddRom(FourGigabytes - (ulong)firmware.Length, firmware.Span);
            lowSize = Math.Min((uint)firmware.Length, LowRomSize);
            low = rom.Pointer + firmware.Length - lowSize;
        }

        var clock = new Clock { FollowsWallClock = builder.WallClock };
        var outcomes = new PcOutcomes(
            enabled => Memory.AddressMask = enabled ? ulong.MaxValue : ~AddressLine20,
            () => Cpu!.Post(ResetProcessor),
            () => Cpu!.Post(ResetMachine),
            () => Finish(PcEnd.PowerOff, 0),
            code => Finish(PcEnd.GuestExit, code));
        var lowMemory = new LowMemoryMap(Memory, ram, low, lowSize);
        lowMemory.ShowSmram(visible: false);
        Cpu = new Cpu<X86Isa>(new CpuOptions
        {
            Buses = new Dictionary<string, Bus> { ["pmem"] = Memory, ["port"] = Ports },
            Clock = clock,

            // With the host's time an idle guest waits for whatever may come; otherwise ten seconds without an instruction are for ever.
            IdleLimit = builder.WallClock ? 1e9 : 10,
        });
        _state = (X86State*)Cpu.State;
        _devices = new PcDevices(builder, new CpuClock(clock), Memory, Ports, lowMemory, outcomes);
        Cpu.Context.Externs = new PcExterns(_devices.Pic, clock);
        if (builder.SingleStep)
            Cpu.Engine.Observer = new SingleStepper();
        _devices.Pic.Intr.Connect(SetIntr);
        SetIntr(_devices.Pic.Intr.Level);
    }

    /// <summary>The processor.</summary>
    public Cpu<X86Isa> Cpu { get; }

    /// <summary>Physical memory.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The I/O space.</summary>
    public PortBus Ports { get; } = new();

    /// <summary>RAM in bytes.</summary>
    public ulong MemorySize => _memorySize;

    /// <summary>The display adapter.</summary>
    public VgaAdapter Vga => _devices.Vga;

    /// <summary>The keyboard, for typing.</summary>
    public Ps2Keyboard Keyboard => _devices.Keyboard.Keyboard;

    /// <summary>The mouse.</summary>
    public Ps2Mouse Mouse => _devices.Keyboard.Mouse;

    /// <summary>COM1, for input.</summary>
    public Uart16550 Serial => _devices.Serial;

    /// <summary>The power management function, for its power button.</summary>
    public Piix4Power Power => _devices.Power;

    /// <summary>Instructions executed since power-on.</summary>
    public long Instructions => Cpu.Instructions;

    /// <summary>Machine time in nanoseconds since power-on.</summary>
    public long Nanoseconds => _devices.Clock.Now;

    internal FwCfg FirmwareConfiguration => _devices.FirmwareConfiguration;

    /// <summary>Runs at most so many instructions. A machine that has ended stays so until it is reset or restored.</summary>
    public PcRun Run(long instructions)
    {
        if (_end is { } before)
            return before with { Instructions = 0 };
        RunResult result = Cpu.Run(instructions);
        if (_end is { } end)
            return (_end = end with { Instructions = result.Instructions }).Value;
        return result.Reason switch
        {
            RunReason.Budget => new PcRun(PcEnd.Budget, result.Instructions),
            RunReason.StopRequested when !IsHaltedForGood => new PcRun(PcEnd.Stopped, result.Instructions),
            RunReason.StopRequested or RunReason.Idle => new PcRun(PcEnd.Halted, result.Instructions),
            RunReason.Stopped => new PcRun(PcEnd.TripleFault, result.Instructions),
            _ => new PcRun(PcEnd.TrapStorm, result.Instructions),
        };
    }

    /// <summary>Puts a monitor under the processor. Before the first run.</summary>
    public void Attach(IMonitorFactory monitors) => monitors.Attach(Cpu, X86Metadata.Instance);

    /// <summary>Makes a run come back soon; from any thread.</summary>
    public void Stop() => Cpu.Stop();

    /// <summary>Presses the reset button: processor and devices; RAM keeps what it holds. Takes effect before the next instruction.</summary>
    public void Reset()
    {
        _end = null;
        Cpu.Post(ResetMachine);
    }

    /// <summary>Raises a non-maskable interrupt, unless bit 7 of port 70 masks it. Takes effect before the next instruction.</summary>
    public void RaiseNmi() => Cpu.Post(() =>
    {
        if (_devices.Rtc.NmiMasked)
            return;
        _state->NMI_PENDING = 1;
        Cpu.StateChanged();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        Cpu.Dispose();
        Memory.Dispose();
    }

    /// <summary>Puts a kernel into RAM and the processor at its entry.</summary>
    internal void Start(BootImage image)
    {
        _devices.PrepareForKernel();
        foreach (LoadSegment segment in image.Segments)
            segment.CopyInto(Memory);

        ProtectedModeEntry.Enter(_state, image.Entry);
        Cpu.StateChanged();
    }

    /// <summary>Whether the processor waits for an interrupt that it does not accept.</summary>
    private bool IsHaltedForGood => Cpu.IsIdle && _state->EFLAGS_IF == 0 && _state->NMI_PENDING == 0;

    private void Finish(PcEnd end, int exitCode)
    {
        _end = new PcRun(end, 0, exitCode);
        Cpu.Stop();
    }

    private void ResetMachine()
    {
        _devices.Reset();
        ResetProcessor();
    }

    private void ResetProcessor()
    {
        _devices.A20.Reset();
        Cpu.Reset();
        SetIntr(_devices.Pic.Intr.Level);
    }

    private void SetIntr(bool level)
    {
        _state->INTR = (byte)(level ? 1 : 0);
        Cpu.StateChanged();
    }
}
