using Emulator.Cli.Screen;
using Xunit;

namespace Emulator.Cli.Tests;

/// <summary>Screens as terminal control sequences.</summary>
public sealed class ScreenPainterTests
{
    [Fact]
    public void Only_rows_that_changed_are_painted_again()
    {
        var painter = new ScreenPainter();
        var first = painter.Paint(TestScreens.Show((0, 0x0741), (1, 0x1F42), (80, 0x0743)));
        Assert.StartsWith("\u001b[0m\u001b[2J", first);
        Assert.Contains("\u001b[1;1H\u001b[37;40mA\u001b[97;44mB", first);
        Assert.Contains("\u001b[2;1H\u001b[37;40mC", first);

        var second = painter.Paint(TestScreens.Show((0, 0x0741), (1, 0x1F42), (80, 0x0745)));
        Assert.DoesNotContain("B", second);
        Assert.Contains("\u001b[2;1H\u001b[37;40mE", second);
        Assert.DoesNotContain("\u001b[2J", second);
    }
}
