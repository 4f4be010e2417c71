namespace Emulator.Cli.Boot;

/// <summary>Calls an action twenty times a second, on a thread of its own, so that consoles and screen of a running machine can be brought up to date.</summary>
internal sealed class Heartbeat : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly Timer timer;

    /// <summary>Starts it.</summary>
    public Heartbeat(Action action) => timer = new Timer(_ => action(), null, Period, Period);

    /// <summary>Ends it; no call is under way afterwards.</summary>
    public void Dispose() => timer.DisposeAsync().AsTask().Wait();
}
