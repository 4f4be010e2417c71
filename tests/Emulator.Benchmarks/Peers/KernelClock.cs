using System.Diagnostics;
using System.Text;

namespace Emulator.Benchmarks;

/// <summary>Times the part of a kernel between its lines <c>begin NAME</c> and <c>end: CHECKSUM</c>, from its output as it comes.</summary>
internal sealed class KernelClock(Func<long>? instructions = null)
{
    private readonly StringBuilder _line = new();
    private long _started;
    private long _startedInstructions;

    /// <summary>The run, once the last line has come.</summary>
    public KernelRun? Result { get; private set; }

    /// <summary>Takes the next character of the output.</summary>
    public void Put(char c)
    {
        if (c != '\n')
        {
            _line.Append(c);
            return;
        }

        long now = Stopwatch.GetTimestamp();
        string line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        if (line.StartsWith("begin ", StringComparison.Ordinal))
        {
            _startedInstructions = instructions?.Invoke() ?? 0;
            _started = Stopwatch.GetTimestamp();
        }
        else if (line.StartsWith("end: ", StringComparison.Ordinal) && _started != 0)
        {
            Result = new(Stopwatch.GetElapsedTime(_started, now).TotalSeconds, line[5..], (instructions?.Invoke() ?? 0) - _startedInstructions);
        }
    }
}
