using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>Gives harts their turns: one after the other, a fixed number of ticks each, all in the same stretch of machine time.</summary>
/// <remarks>
/// A round is a stretch of time in which every hart has one turn; a tick is an instruction, or idleness. Nothing but the machine's own state decides whose turn it is, so that
/// a run is the same however it is cut into pieces. A hart alone has one endless round.
/// </remarks>
internal sealed class VirtScheduler : ISnapshotPart
{
    /// <summary>Ticks of a turn where there are several harts: 10 microseconds.</summary>
    public const long Quantum = 1000;

    /// <summary>Ticks without an instruction after which nothing is expected to wake a hart: ten seconds.</summary>
    private const long IdleLimit = 1_000_000_000;

    private readonly VirtHart[] _harts;
    private readonly Clock _clock;
    private readonly long _turn;
    private int _current;
    private long _roundStart, _used, _active;
    private bool _roundIdle = true;

    public VirtScheduler(VirtHart[] harts, Clock clock)
    {
        _harts = harts;
        _clock = clock;
        _turn = harts.Length == 1 ? long.MaxValue / 4 : Quantum;
        harts[0].TakeClock(0);
    }

    public string PartName => "scheduler";

    /// <summary>Runs until so many instructions have started, every hart is idle for good, or a hart was interrupted.</summary>
    public RunResult Run(long instructions)
    {
        long done = 0;
        while (true)
        {
            VirtHart hart = _harts[_current];
            long now = _roundStart + _used;
            hart.TakeClock(now);
            RunResult result = hart.Run(Math.Min(instructions - done, _turn - _used));
            done += result.Instructions;
            _used = _clock.FollowsWallClock ? _used + result.Instructions : _clock.Now - _roundStart;
            if (result.Instructions > 0)
            {
                _roundIdle = false;
                _active = _clock.Now;
            }

            switch (result.Reason)
            {
                case RunReason.Budget:
                    if (_used >= _turn)
                        EndTurn();
                    if (done >= instructions)
                        return new RunResult(RunReason.Budget, done);
                    break;
                case RunReason.Idle:
                    if (!PassIdleTime())
                        return new RunResult(RunReason.Idle, done);
                    break;
                default:
                    return result with { Instructions = done };
            }
        }
    }

    /// <summary>Makes the hart whose turn it is come back after its instruction.</summary>
    public void Interrupt() => _harts[_current].Stop();

    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _current);
        s.Value(ref _roundStart);
        s.Value(ref _used);
        s.Value(ref _active);
        s.Value(ref _roundIdle);
        if ((uint)_current >= (uint)_harts.Length)
        {
            s.Fail($"it is the turn of hart {_current}, but the machine has {_harts.Length}");
            _current = 0;
        }

        if (s.IsLoading)
            _harts[_current].TakeClock(_roundStart + _used);
    }

    /// <summary>The hart waits: till the next event of its turn, or to its end. False when nothing will wake any hart.</summary>
    private bool PassIdleTime()
    {
        if (_clock.FollowsWallClock)
        {
            bool lastOfIdleRound = _roundIdle && _current == _harts.Length - 1;
            EndTurn();
            if (lastOfIdleRound && _clock.NextAt > _clock.Now)
                Thread.Sleep(1); // input may come at any time
            return true;
        }

        long next = _clock.NextAt;
        if (next - _roundStart <= _turn && next - _active <= IdleLimit)
        {
            _used = Math.Max(_used, next - _roundStart);
            return true;
        }

        if (_harts.Length > 1 && !(_roundIdle && _current == _harts.Length - 1))
        {
            EndTurn();
            return true;
        }

        // A whole round has passed without an instruction.
        if (next == long.MaxValue || next - _active > IdleLimit)
            return false;
        EndTurn();
        _roundStart = Math.Max(_roundStart, next);
        return true;
    }

    private void EndTurn()
    {
        _used = 0;
        if (++_current < _harts.Length)
            return;
        _current = 0;
        _roundStart += _clock.FollowsWallClock ? 0 : _turn;
        _roundIdle = true;
    }
}
