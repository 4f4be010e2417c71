using System.Diagnostics;
using System.Text;
using Emulator.Cli.Boot;

namespace Emulator.Cli.Screen;

/// <summary>The machine's text screen on the terminal while it runs; keys pressed go to the machine.</summary>
internal sealed class LiveScreen : IDisposable
{
    private const string EnterAlternateScreen = "\u001b[?1049h";
    private const string LeaveAlternateScreen = "\u001b[0m\u001b[?25h\u001b[?1049l";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ScreenPainter painter = new();
    private readonly Stream terminal = Console.OpenStandardOutput();
    private readonly Stopwatch sinceLast = new();

    private LiveScreen() => Write(EnterAlternateScreen);

    /// <summary>Takes over the terminal; null when standard output is none.</summary>
    public static LiveScreen? TryStart() => Console.IsOutputRedirected ? null : new LiveScreen();

    /// <summary>Shows the machine's screen, twenty times a second at most, and types what the user typed.</summary>
    public void Show(IMachine machine)
    {
        while (!Console.IsInputRedirected && Console.KeyAvailable)
        {
            machine.Type(Console.ReadKey(intercept: true));
        }

        if (!sinceLast.IsRunning || sinceLast.Elapsed >= Interval)
        {
            if (machine.ReadScreen() is { } screen)
            {
                Write(painter.Paint(screen));
            }

            sinceLast.Restart();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Write(LeaveAlternateScreen);
        terminal.Dispose();
    }

    private void Write(string text)
    {
        terminal.Write(Encoding.UTF8.GetBytes(text));
        terminal.Flush();
    }
}
