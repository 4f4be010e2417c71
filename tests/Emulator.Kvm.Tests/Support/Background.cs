using System.Runtime.ExceptionServices;

namespace Emulator.Kvm.Tests;

/// <summary>Something that runs on a thread of its own; what it throws comes out where its end is waited for.</summary>
internal sealed class Background
{
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    public Background(Action action)
    {
        _thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        _thread.Start();
    }

    /// <summary>Whether it ends within so many milliseconds.</summary>
    public bool Ends(int milliseconds = 20_000)
    {
        if (!_thread.Join(milliseconds))
            return false;
        _failure?.Throw();
        return true;
    }
}
