using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;
using Microsoft.Playwright;

namespace KRaftSharp.Tests.Interop;

/// <summary>The console in a real browser, with a node killed under it.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class ConsoleTests(ThreeNodes cluster)
{
    private static readonly string[] Views = ["cluster", "topics", "groups", "records", "metadata", "actions"];

    [ChromiumFact]
    public async Task Every_view_is_accessible_in_light_and_dark_and_complains_of_nothing()
    {
        await cluster.CreateTopicAsync("console-views");
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using Browser browser = await Browser.OpenAsync(scheme);
            foreach (string view in Views)
            {
                await OpenAsync(browser.Page, 1, view);
                AxeResult result = await browser.Page.RunAxe();
                Assert.True(result.Violations.Length == 0, $"{view}: {Describe(result)}");
            }

            Assert.Empty(browser.Complaints);
        }
    }

    [ChromiumFact]
    public async Task The_death_of_a_node_is_seen_and_its_return()
    {
        await using Browser browser = await Browser.OpenAsync();
        await OpenAsync(browser.Page, 1, "cluster");
        ILocator card = browser.Page.Locator("section", new PageLocatorOptions
        {
            Has = browser.Page.Locator("h2", new PageLocatorOptions { HasTextString = "Node 3" }),
        }).First;
        await Assertions.Expect(card).ToContainTextAsync("alive");
        await cluster.KillAsync(3);
        await Assertions.Expect(card).ToContainTextAsync("fenced", Patience());
        await Assertions.Expect(browser.Page.Locator("#health")).Not.ToHaveTextAsync("healthy");
        await cluster.StartAsync(3);
        await Assertions.Expect(card).ToContainTextAsync("alive", Patience());
        await Assertions.Expect(browser.Page.Locator(".log"))
            .ToContainTextAsync("Broker 3: fenced → alive", Patience());
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task A_topic_is_made_by_hand_tried_first_and_a_record_goes_in_and_comes_back()
    {
        await using Browser browser = await Browser.OpenAsync();
        IPage page = browser.Page;
        await OpenAsync(page, 2, "actions");
        await page.Locator("section", new PageLocatorOptions { HasTextString = "Create a topic" })
            .GetByRole(AriaRole.Button).ClickAsync();
        ILocator dialog = page.Locator("dialog");
        await dialog.GetByLabel("Name", new LocatorGetByLabelOptions { Exact = true }).FillAsync("by-hand");
        ILocator doIt = dialog.GetByText("Do it");
        await Assertions.Expect(doIt).ToBeDisabledAsync();
        await dialog.GetByText("Try first").ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("It would work");
        await doIt.ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("Done.");
        await dialog.GetByText("Close").ClickAsync();

        await OpenAsync(page, 2, "records?topic=by-hand");
        await page.GetByText("Produce a record").ClickAsync();
        await page.GetByLabel("Value", new PageGetByLabelOptions { Exact = true }).FillAsync("hello");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Produce", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("hello");
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task Every_action_opens_and_tells_what_is_wrong_with_nonsense()
    {
        await using Browser browser = await Browser.OpenAsync();
        IPage page = browser.Page;
        await OpenAsync(page, 1, "actions");
        int count = await page.Locator(".actions button").CountAsync();
        Assert.True(count > 8, $"{count} actions");
        for (int i = 0; i < count; i++)
        {
            await page.Locator(".actions button").Nth(i).ClickAsync();
            ILocator inputs = page.Locator("dialog input");
            for (int j = 0; j < await inputs.CountAsync(); j++)
            {
                await inputs.Nth(j).FillAsync("no-such-thing-77");
            }

            await page.Locator("dialog form button").First.ClickAsync();
            await Assertions.Expect(page.Locator("dialog .note")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page.Locator("dialog")).ToBeHiddenAsync();
        }

        Assert.All(
            browser.Complaints, complaint => Assert.Contains("status of", complaint, StringComparison.Ordinal));
    }

    private async Task OpenAsync(IPage page, int node, string view)
    {
        await page.GotoAsync("about:blank");
        await page.GotoAsync($"http://{cluster.AdminAddressOf(node)}/#/{view}");
        await page.Locator("h1").WaitForAsync();
        await page.Locator("section").First.WaitForAsync();
    }

    private static LocatorAssertionsToContainTextOptions Patience() => new() { Timeout = 30_000 };

    private static string Describe(AxeResult result) => string.Join("; ", result.Violations.Select(violation =>
        $"{violation.Id}: {violation.Help} ({string.Join(", ", violation.Nodes.Take(3).Select(node => node.Html))})"));
}
