using KRaftSharp.Tests.Interop.Cluster;
using Microsoft.Playwright;

namespace KRaftSharp.Tests.Interop.Clients;

/// <summary>Debian's Chromium, driven by Playwright; everything a page complains of is kept.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly Lazy<string?> Missing = new(Find);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
        Watch(page);
    }

    /// <summary>Why tests with a browser are skipped; null when there is one.</summary>
    public static string? Problem => Missing.Value;

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public static async Task<Browser> OpenAsync(ColorScheme scheme = ColorScheme.Light)
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox"],
        });
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ColorScheme = scheme });
        return new Browser(playwright, browser, page);
    }

    /// <summary>One more page, whose complaints are kept with the first one's.</summary>
    public async Task<IPage> NewPageAsync()
    {
        IPage page = await _browser.NewPageAsync();
        Watch(page);
        return page;
    }

    /// <summary>A picture for whoever looks into a test: in a folder that git ignores.</summary>
    public Task KeepAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Repository.PathOf("artifacts", "console", $"{name}.png"),
        FullPage = true,
    });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Watch(IPage page)
    {
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) =>
        {
            // A node that is down cannot be reached: that is no fault of the page.
            if (message.Type == "error" && !message.Text.Contains("net::ERR", StringComparison.Ordinal))
            {
                Complaints.Add(message.Text);
            }
        };
    }

    private static string? Find()
    {
        if (!Shell.Exists("chromium") && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Shell.TryRun("apt-get", "update");
            Shell.TryRun("apt-get", "install -y --no-install-recommends chromium");
        }

        return Shell.Exists("chromium") ? null : "there is no browser (Debian's package chromium)";
    }
}
