using System.Globalization;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>One of the two machines of a check: a CPU with RAM, a device that answers by time, and an interrupt line that rises now and then.</summary>
internal sealed unsafe class EquivalenceMachine<TIsa> : IDisposable
    where TIsa : struct, IIsa
{
    private const int MostBetweenInterrupts = 600;

    private readonly IRandomGuest<TIsa> _guest;
    private readonly RandomDevice _device;
    private readonly NativeBlock _ram;
    private readonly Clock _clock = new();
    private readonly ClockEvent _interrupt;
    private uint _dice;
    private long _started;

    public EquivalenceMachine(IRandomGuest<TIsa> guest, CriticalPolicy? policy, PagingPolicy paging)
    {
        _guest = guest;
        Memory = new PhysicalMemory(guest.Memory.Bits);
        _ram = Memory.AddRam(guest.Memory.Start, guest.Memory.Size);
        _device = new RandomDevice(() => Time);
        Cpu<TIsa>? cpu = null;
        (IReadOnlyDictionary<string, Bus> buses, object externs) = guest.Outside(() => Time, () => guest.SetInterrupt(cpu!, false), Memory, _device);
        Cpu = cpu = new Cpu<TIsa>(new CpuOptions { Buses = buses, Externs = externs, Clock = _clock, CodeCacheSize = 4 << 20, IdleLimit = 1e-4 });
        if (policy is { } p)
        {
            Monitor = p == CriticalPolicy.Intercept
                ? Monitors.Create(Cpu, guest.Isa, p)
                : new TrapAndEmulate<TIsa>(Cpu, guest.Isa, Monitors.HostingOf<TIsa>(), p, paging, ShadowTables.FewestFrames);
        }

        _interrupt = _clock.Create(Interrupt);
    }

    public Cpu<TIsa> Cpu { get; }

    public PhysicalMemory Memory { get; }

    public IMonitor? Monitor { get; }

    /// <summary>Ticks since the guest started: what it sees does not depend on the guests before it.</summary>
    private long Time => _clock.Now - _started;

    /// <summary>A new guest.</summary>
    public void Start(Random random)
    {
        Cpu.Reset();
        Cpu.DropCode();
        _device.Written = 0;
        _ram.AsSpan(0, (int)_guest.Memory.Size).Clear();
        _guest.Fill(random, Cpu, _ram.AsSpan(0, (int)_guest.Memory.Size));
        Cpu.StateChanged();
        Cpu.FlushTranslations();
        _dice = (uint)random.Next();
        _started = _clock.Now;
        _clock.Schedule(_interrupt, _clock.Now + 100);
    }

    /// <summary>Takes over a state of the other machine.</summary>
    public void Restore(MemoryStream snapshot, EquivalenceMachine<TIsa> from)
    {
        (_dice, _started, long due) = (from._dice, from._started, from._interrupt.At);
        _device.Written = from._device.Written;
        snapshot.Position = 0;
        using var reader = new BinaryReader(snapshot, System.Text.Encoding.UTF8, leaveOpen: true);
        if (!Cpu.Restore(reader))
            throw new InvalidOperationException("a snapshot of the same machine was not accepted");
        _clock.Schedule(_interrupt, due);
    }

    /// <summary>Whether registers, memory and what the device was told are those of another.</summary>
    public bool Same(EquivalenceMachine<TIsa> other) =>
        _device.Written == other._device.Written && Cpu.HashState(withMemory: false) == other.Cpu.HashState(withMemory: false)
        && _ram.AsSpan(0, (int)_guest.Memory.Size).SequenceEqual(other._ram.AsSpan(0, (int)_guest.Memory.Size));

    /// <summary>What differs, for people.</summary>
    public IEnumerable<string> Differences(EquivalenceMachine<TIsa> other)
    {
        var lines = new List<string>();
        Cpu.Settle();
        other.Cpu.Settle();
        foreach (StateInfo state in _guest.Isa.States)
        {
            for (int element = 0; element < state.Count; element++)
            {
                for (int atom = 0; atom < state.Atoms.Count; atom++)
                {
                    UInt128 mine = StateAccess.Read<TIsa>(Cpu.State, state, atom, element), its = StateAccess.Read<TIsa>(other.Cpu.State, state, atom, element);
                    if (mine == its)
                        continue;
                    string name = state.Name + (state.Count > 1 ? $"[{element}]" : "") + (state.Atoms[atom].Name.Length > 0 ? "." + state.Atoms[atom].Name : "");
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: bare {mine:x}, hosted {its:x}"));
                }
            }
        }

        ReadOnlySpan<byte> a = _ram.AsSpan(0, (int)_guest.Memory.Size), b = other._ram.AsSpan(0, (int)_guest.Memory.Size);
        if (a.CommonPrefixLength(b) is var at && at < a.Length)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"memory from {_guest.Memory.Start + (ulong)at:x}: bare {Convert.ToHexStringLower(a.Slice(at, 4))}, hosted {Convert.ToHexStringLower(b.Slice(at, 4))}"));
        if (_device.Written != other._device.Written)
            lines.Add("what devices were told, or when");
        if (Cpu.Instructions != other.Cpu.Instructions)
            lines.Add($"instructions: bare {Cpu.Instructions}, hosted {other.Cpu.Instructions}");
        return lines;
    }

    public void Dispose()
    {
        Monitor?.Dispose();
        Cpu.Dispose();
        Memory.Dispose();
    }

    private void Interrupt()
    {
        _dice = (_dice * 1_664_525) + 1_013_904_223;
        _guest.SetInterrupt(Cpu, (_dice >> 16 & 3) == 0);
        _clock.Schedule(_interrupt, _clock.Now + 1 + ((_dice >> 18) % MostBetweenInterrupts));
    }
}
