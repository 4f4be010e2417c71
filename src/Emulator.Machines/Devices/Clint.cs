using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>SiFive's core-local interruptor: software interrupts, timer comparators and the time base of all harts (FU540-C000 manual, chapter 9).</summary>
public sealed class Clint : IBusDevice, ISnapshotPart
{
    /// <summary>Bytes of address space.</summary>
    public const ulong Size = 0x10000;

    /// <summary>Ticks of mtime per second, as in QEMU's machine.</summary>
    public const long Frequency = 10_000_000;

    private const ulong Compare = 0x4000, TimeRegister = 0xBFF8;

    private readonly MachineClock _clock;
    private readonly MachineTimer[] _timers;
    private readonly ulong[] _compare;
    private ulong _offset;

    /// <summary>Creates it for a number of harts; the comparators stand at the end of time.</summary>
    public Clint(MachineClock clock, int harts)
    {
        _clock = clock;
        _compare = new ulong[harts];
        _timers = new MachineTimer[harts];
        Software = [.. Enumerable.Range(0, harts).Select(_ => new Signal())];
        Timer = [.. Enumerable.Range(0, harts).Select(_ => new Signal())];
        for (int i = 0; i < harts; i++)
        {
            int hart = i;
            _compare[i] = ulong.MaxValue;
            _timers[i] = clock.CreateTimer($"clint.{i}", () => Update(hart));
        }
    }

    /// <inheritdoc/>
    public string PartName => "clint";

    /// <inheritdoc/>
    public int MaxAccessSize => 8;

    /// <summary>MSIP of each hart.</summary>
    public IReadOnlyList<Signal> Software { get; }

    /// <summary>MTIP of each hart.</summary>
    public IReadOnlyList<Signal> Timer { get; }

    /// <summary>mtime.</summary>
    public ulong Time => (ulong)MachineClock.TicksAt(_clock.Now, Frequency) + _offset;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong register = offset & ~7UL;
        ulong value = register switch
        {
            TimeRegister => Time,
            >= Compare when (register - Compare) / 8 < (ulong)_compare.Length => _compare[(register - Compare) / 8],
            < Compare => Msip(register / 4) | (Msip((register / 4) + 1) << 32),
            _ => 0,
        };
        return value >> (int)(8 * (offset & 7));
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset < Compare)
        {
            for (ulong i = offset / 4; i < (offset + (ulong)size + 3) / 4 && i < (ulong)Software.Count; i++)
                Software[(int)i].Set(((value >> (int)(32 * (i - (offset / 4)))) & 1) != 0);
            return;
        }

        int shift = (int)(8 * (offset & 7));
        ulong mask = Bus.AllOnes(size) << shift;
        ulong Merge(ulong old) => (old & ~mask) | ((value << shift) & mask);
        ulong register = offset & ~7UL;
        if (register == TimeRegister)
        {
            _offset += Merge(Time) - Time;
            for (int i = 0; i < _compare.Length; i++)
                Update(i);
        }
        else if ((register - Compare) / 8 is var index && index < (ulong)_compare.Length)
        {
            _compare[index] = Merge(_compare[index]);
            Update((int)index);
        }
    }

    /// <summary>Drops all requests; time goes on.</summary>
    public void Reset()
    {
        for (int i = 0; i < _compare.Length; i++)
        {
            Software[i].Set(false);
            _compare[i] = ulong.MaxValue;
            Update(i);
        }
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _offset);
        s.Values<ulong>(_compare);
        for (int i = 0; i < _compare.Length; i++)
        {
            bool software = Software[i].Level, timer = Timer[i].Level;
            s.Value(ref software);
            s.Value(ref timer);
            Software[i].Set(software);
            Timer[i].Set(timer);
        }
    }

    private ulong Msip(ulong hart) => hart < (ulong)Software.Count && Software[(int)hart].Level ? 1u : 0;

    /// <summary>Drives MTIP, and has it driven again when the time has come.</summary>
    private void Update(int hart)
    {
        ulong now = Time;
        bool due = now >= _compare[hart];
        Timer[hart].Set(due);
        ulong tick = _compare[hart] - _offset;
        if (due || tick > long.MaxValue)
            _timers[hart].Cancel();
        else
            _timers[hart].ScheduleAt(MachineClock.TimeOfTick((long)tick, Frequency));
    }
}
