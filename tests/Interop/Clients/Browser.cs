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

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
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
