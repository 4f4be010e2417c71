using System.Security.Cryptography;
using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>A RISC-V machine with the devices and addresses of QEMU's virt: CLINT, PLIC, 16550, virtio block and console, test finisher, Goldfish clock.</summary>
/// <remarks>One thread runs it; <see cref="Stop"/> may be called from any.</remarks>
public sealed partial class VirtMachine : IDisposable
{
    private const long NanosecondsPerTick = 10;

    private readonly VirtDevices _devices;
    private readonly VirtImages _images;
    private readonly VirtHart[] _harts;
    private readonly VirtScheduler _scheduler;
    private readonly Clock _clock;
    private readonly byte[] _diskHash;
    private VirtRun? _end;
    private bool _resetPending;
    private volatile bool _stop;

    internal VirtMachine(VirtBuilder builder, VirtImages images)
    {
        _images = images;
        Xlen = builder.Xlen;
        MemorySize = builder.MemorySize;
        _diskHash = SHA256.HashData(builder.Disk is { } disk ? disk.Span : []);
        Memory = new PhysicalMemory(builder.Xlen == 64 ? 52 : 34);
        Memory.AddRam(VirtMap.Ram, builder.MemorySize);
        var rom = new byte[VirtMap.RomSize];
        images.Rom.CopyTo(rom, 0);
        Memory.AddRom(VirtMap.Rom, rom);
        _clock = new Clock { FollowsWallClock = builder.WallClock, Frequency = 1_000_000_000 / NanosecondsPerTick };
        _devices = new VirtDevices(builder, new CpuClock(_clock), Memory, Finish, RequestReset);
        var environment = new VirtEnvironment(Memory, builder.MemorySize, _devices.Clint);
        _harts = [.. Enumerable.Range(0, builder.Harts).Select(i => (VirtHart)(builder.Xlen == 64
            ? new VirtHartOf<Rv64Isa, Rv64State>(i, Rv64Metadata.Instance, Memory, _clock, builder, cpu => new Rv64VirtExterns(cpu, environment))
            : new VirtHartOf<Rv32Isa, Rv32State>(i, Rv32Metadata.Instance, Memory, _clock, builder, cpu => new Rv32VirtExterns(cpu, environment))))];
        _devices.Connect(_harts);
        _scheduler = new VirtScheduler(_harts, _clock);
        LoadImages();
    }

    /// <summary>Width of the harts: 32 or 64.</summary>
    public int Xlen { get; }

    /// <summary>RAM in bytes.</summary>
    public ulong MemorySize { get; }

    /// <summary>The harts, by number.</summary>
    public IReadOnlyList<VirtHart> Harts => _harts;

    /// <summary>Physical memory.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The serial port, for input.</summary>
    public Uart16550 Serial => _devices.Serial;

    /// <summary>The virtio console, for input.</summary>
    public VirtioConsole Console => _devices.Console;

    /// <summary>The disk, null when there is none.</summary>
    public VirtioBlock? Disk => _devices.Disk;

    /// <summary>Instructions executed by all harts since power-on.</summary>
    public long Instructions => _harts.Sum(hart => hart.Instructions);

    /// <summary>Machine time in nanoseconds since power-on.</summary>
    public long Nanoseconds => _devices.Clock.Now;

    /// <summary>Runs at most so many instructions, counted over all harts. A machine that has ended stays so until it is reset or restored.</summary>
    public VirtRun Run(long instructions)
    {
        if (_end is { } before)
            return before with { Instructions = 0 };
        long done = 0;
        while (true)
        {
            RunResult result = _scheduler.Run(instructions - done);
            done += result.Instructions;
            if (_end is { } end)
                return (_end = end with { Instructions = done }).Value;
            if (_resetPending)
                ResetNow();
            else if (result.Reason == RunReason.Budget)
                return new VirtRun(VirtEnd.Budget, done);
            else if (result.Reason == RunReason.Idle)
                return new VirtRun(VirtEnd.Halted, done);
            else if (result.Reason == RunReason.TrapStorm)
                return new VirtRun(VirtEnd.TrapStorm, done);

            if (_stop)
            {
                _stop = false;
                return new VirtRun(VirtEnd.Stopped, done);
            }
        }
    }

    /// <summary>Puts a monitor under every hart, in their order. Before the first run.</summary>
    public void Attach(IMonitorFactory monitors)
    {
        foreach (VirtHart hart in _harts)
            hart.Attach(monitors);
    }

    /// <summary>Makes a run come back soon; from any thread.</summary>
    public void Stop()
    {
        _stop = true;
        foreach (VirtHart hart in _harts)
            hart.Stop();
    }

    /// <summary>Has something done on the machine's thread, between two instructions: input from another thread.</summary>
    public void Post(Action action) => _harts[0].Post(action);

    /// <summary>Presses the reset button: harts and devices; the images given are loaded again, the rest of RAM stays. Between runs.</summary>
    public void Reset()
    {
        _end = null;
        ResetNow();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (VirtHart hart in _harts)
            hart.Dispose();
        Memory.Dispose();
    }

    private void LoadImages()
    {
        foreach (LoadSegment segment in _images.Segments)
            segment.CopyInto(Memory);
    }

    private void Finish(int code)
    {
        _end = new VirtRun(code == 0 ? VirtEnd.PowerOff : VirtEnd.GuestExit, 0, code);
        _scheduler.Interrupt();
    }

    private void RequestReset()
    {
        _resetPending = true;
        _scheduler.Interrupt();
    }

    private void ResetNow()
    {
        _resetPending = false;
        _devices.Reset();
        foreach (VirtHart hart in _harts)
            hart.Reset();
        LoadImages();
    }
}
