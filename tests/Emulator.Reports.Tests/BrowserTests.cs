using Microsoft.Playwright;

namespace Emulator.Reports.Tests;

/// <summary>The HTML report in a real browser: filters, opening a form, keys, print, dark.</summary>
public sealed class BrowserTests
{
    [BrowserFact]
    public async Task FiltersShowWhatTheySay()
    {
        await using ReportPage report = await ReportPage.Open(Specs.X86);
        var classic = Specs.X86.Profiles.Single(p => p.Profile == "classic");
        Assert.Equal("x86: virtualizable under 2 of 5 profiles", await report.Page.InnerTextAsync("h1"));
        Assert.InRange((await report.Shown()).Count, 1, classic.Forms.Count - 1);

        await report.Page.ClickAsync("#clear");
        Assert.Equal(classic.Forms.Select(f => f.Mnemonic).ToHashSet(), (await report.Shown()).ToHashSet());
        await report.Choose("profile", "classic");
        await report.Choose("class", "critical");
        Assert.Equal(classic.Forms.Where(f => f.Critical).Select(f => f.Mnemonic), await report.Shown());
        Assert.Equal($"49 of {classic.Forms.Count} forms", await report.Page.InnerTextAsync("#count"));

        await report.Choose("chapter", "Stack");
        Assert.Equal(["PUSHF", "POPF"], (await report.Shown()).Distinct());
        await report.Page.FillAsync("#text", "9d");
        Assert.Equal(["POPF"], await report.Shown());

        await report.Page.ClickAsync("#clear");
        await report.Choose("profile", "classic");
        await report.Choose("mode", "ring3:never");
        Assert.Equal(classic.Forms.Where(f => f.Access["ring3"] == "never").Select(f => f.Mnemonic), await report.Shown());

        await report.Page.ClickAsync("#clear");
        await report.Page.CheckAsync("#differ");
        var differing = Specs.X86.Profiles.SelectMany(p => p.Forms).GroupBy(f => f.Key).Where(g => g.Select(f => $"{f.Class} {string.Join(' ', f.Kinds)}").Distinct().Count() > 1).ToList();
        Assert.Equal(differing.Select(g => g.First().Mnemonic), await report.Shown());
        Assert.Contains("SGDT", await report.Shown());
        Assert.Empty(report.Errors);
    }

    [BrowserFact]
    public async Task AFormOpensToItsLinesExplanationAndWitness()
    {
        var isa = Specs.Pg74("pg74_silent_halt");
        var halt = isa.Profiles[0].Forms.Single(f => f.Critical);
        await using ReportPage report = await ReportPage.Open(isa);
        await report.Page.ClickAsync($"#{halt.Mnemonic}-{halt.Number} > summary");
        ILocator form = report.Page.Locator($"#{halt.Mnemonic}-{halt.Number}");
        await form.Locator("pre").WaitForAsync();
        Assert.Equal(halt.Source, (await form.Locator("pre").TextContentAsync())!.TrimEnd('\n'));
        Assert.Contains("HALTED = true;", await form.Locator("mark").First.TextContentAsync());
        Assert.Contains(halt.Reviewed!, await form.Locator(".why").InnerTextAsync());
        ILocator differing = form.Locator("tr.differs", new() { HasText = "HALTED" });
        Assert.Equal(["HALTED", "1", "0"], await differing.Locator("td").AllInnerTextsAsync());
        await report.Picture("form");

        // Lines, explanation and witness stand beside each other.
        var spec = (await form.Locator(".spec").BoundingBoxAsync())!;
        var why = (await form.Locator(".why").BoundingBoxAsync())!;
        var witness = (await form.Locator(".witness").BoundingBoxAsync())!;
        Assert.True(spec.X + spec.Width <= why.X && why.X + why.Width <= witness.X, $"{spec.X} {why.X} {witness.X}");
        Assert.Empty(report.Errors);
    }

    [BrowserFact]
    public async Task KeysDoWhatTheMouseDoes()
    {
        await using ReportPage report = await ReportPage.Open(Specs.X86);
        await report.Page.Keyboard.PressAsync("/");
        await report.Page.Keyboard.TypeAsync("popf");
        await report.Page.Keyboard.PressAsync("Escape");
        Assert.Equal(["POPF"], await report.Shown());
        await report.Page.Keyboard.PressAsync("j");
        await report.Page.Keyboard.PressAsync("Enter");
        await report.Page.Locator("#POPF-1[open] pre").WaitForAsync();
        await report.Picture("popf");
        await report.Page.Keyboard.PressAsync("x");
        Assert.Equal(Specs.X86.Profiles[0].Forms.Count, (await report.Shown()).Count);
        Assert.Empty(report.Errors);
    }

    [BrowserFact]
    public async Task LinksLeadToForms()
    {
        await using ReportPage report = await ReportPage.Open(Specs.X86);
        await report.Choose("class", "innocuous");
        await report.Page.ClickAsync("a[data-find=SIDT]");
        await report.Page.Locator("#SIDT-1[open] pre").WaitForAsync();
        var top = (await report.Page.Locator("#SIDT-1 > summary").BoundingBoxAsync())!;
        var filters = (await report.Page.Locator(".filters").BoundingBoxAsync())!;
        Assert.InRange(top.Y, filters.Y + filters.Height - 1, 400);
        await report.Picture("link");
        await using ReportPage direct = await ReportPage.Open(Specs.X86, "#CPUID-1");
        await direct.Page.Locator("#CPUID-1[open] pre").WaitForAsync();
        Assert.Empty(direct.Errors);
    }

    [BrowserFact]
    public async Task ThemesAndPrint()
    {
        await using ReportPage report = await ReportPage.Open(Specs.X86);
        Task<string> Background() => report.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        await report.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        string light = await Background();
        await report.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        string dark = await Background();
        Assert.NotEqual(light, dark);
        await report.Picture("dark");
        await report.Page.ClickAsync("#theme");
        Assert.Equal(light, await Background());
        await report.Page.ClickAsync("#theme");
        Assert.Equal(dark, await Background());

        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal(light, await Background());
        await report.Page.EvaluateAsync("window.dispatchEvent(new Event('beforeprint'))");
        int critical = await report.Page.Locator("main details[data-verdicts*=critical]:not([hidden])").CountAsync();
        Assert.True(critical > 0);
        Assert.Equal(critical, await report.Page.Locator("main details[data-verdicts][open] > .body pre").CountAsync());
        Assert.False(await report.Page.IsVisibleAsync("#filters"));
        await report.Page.EvaluateAsync("window.dispatchEvent(new Event('afterprint'))");
        Assert.Equal(0, await report.Page.Locator("main details[data-verdicts][open]").CountAsync());
        Assert.Empty(report.Errors);
    }
}
