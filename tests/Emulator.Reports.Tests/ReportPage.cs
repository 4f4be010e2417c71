using Emulator.Reports.Model;
using Emulator.Reports.Writers;
using Microsoft.Playwright;

namespace Emulator.Reports.Tests;

/// <summary>A report open in a browser that may reach nothing but the file. Errors of its script are kept.</summary>
internal sealed class ReportPage : IAsyncDisposable
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly string file = Path.Combine(Path.GetTempPath(), $"report-{Guid.NewGuid():N}.html");
    private IPlaywright? playwright;
    private IBrowser? browser;

    public IPage Page { get; private set; } = null!;

    public List<string> Errors { get; } = [];

    public static async Task<ReportPage> Open(IsaReport report, string fragment = "")
    {
        var page = new ReportPage();
        await File.WriteAllTextAsync(page.file, HtmlReport.Write(report));
        page.playwright = await Playwright.CreateAsync();
        page.browser = await page.playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Executable, Args = Arguments, Timeout = 120_000 });
        page.Page = await page.browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 1000 }, Offline = true });
        page.Page.PageError += (_, error) => page.Errors.Add(error);
        await page.Page.GotoAsync(new Uri(page.file).AbsoluteUri + fragment);
        return page;
    }

    /// <summary>Names of the forms shown.</summary>
    public async Task<IReadOnlyList<string>> Shown() =>
        await Page.EvalOnSelectorAllAsync<string[]>("main details[data-verdicts]:not([hidden]) > summary > b", "all => all.map(b => b.textContent)");

    public Task Choose(string field, string value) => Page.SelectOptionAsync("#" + field, value);

    /// <summary>A picture for a person to look at, where one is asked for: EMULATOR_SCREENSHOTS names the folder.</summary>
    public async Task Picture(string name)
    {
        if (Environment.GetEnvironmentVariable("EMULATOR_SCREENSHOTS") is { Length: > 0 } folder) await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        File.Delete(file);
    }
}
