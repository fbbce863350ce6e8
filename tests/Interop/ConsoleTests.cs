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
    public async Task The_death_of_the_active_controller_which_leads_partitions_is_seen_and_its_return()
    {
        await cluster.CreateTopicAsync("console-kill");
        int victim = await ControllerAsync();
        int witness = (victim % ThreeNodes.Count) + 1;
        await using Browser browser = await Browser.OpenAsync();
        IPage page = browser.Page;
        IPage grid = await browser.NewPageAsync();
        await OpenAsync(page, witness, "cluster");
        await OpenAsync(grid, witness, "topics");
        ILocator led = grid.Locator($"[aria-label*='console-kill-'][aria-label*='leader {victim},']");
        await Assertions.Expect(led.First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        ILocator card = page.Locator("section", new PageLocatorOptions
        {
            Has = page.Locator("h2", new PageLocatorOptions { HasTextString = $"Node {victim}" }),
        }).First;
        await Assertions.Expect(card).ToContainTextAsync("alive");
        await Assertions.Expect(card).ToContainTextAsync("controller");
        await browser.KeepAsync(page, "before");
        await cluster.KillAsync(victim);
        await Assertions.Expect(card).ToContainTextAsync("fenced", Patience());
        await Assertions.Expect(page.Locator("#health")).Not.ToHaveTextAsync("healthy");
        await Assertions.Expect(page.Locator(".log")).ToContainTextAsync("is the active controller", Patience());
        await Assertions.Expect(led).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await browser.KeepAsync(page, "during");
        await browser.KeepAsync(grid, "during-topics");
        await cluster.StartAsync(victim);
        await Assertions.Expect(card).ToContainTextAsync("alive", Patience());
        await Assertions.Expect(page.Locator(".log"))
            .ToContainTextAsync($"Broker {victim}: fenced → alive", Patience());
        await browser.KeepAsync(page, "after");
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task Of_many_partitions_only_those_that_can_be_seen_are_drawn()
    {
        const int Count = 1200;
        await cluster.ToolAsync(
            "topics", "create", "console-many", "--partitions", $"{Count}", "--replication-factor", "1");
        try
        {
            await using Browser browser = await Browser.OpenAsync();
            IPage page = browser.Page;
            await OpenAsync(page, 1, "topics");
            await page.GetByLabel("Name contains").FillAsync("console-many");
            await Assertions.Expect(page.Locator("[data-key='console-many/0']")).ToBeVisibleAsync();
            Assert.InRange(await page.Locator(".cell").CountAsync(), 1, Count / 3);
            await page.EvalOnSelectorAsync(".viewport", "port => { port.scrollTop = port.scrollHeight; }");
            await Assertions.Expect(page.Locator($"[data-key='console-many/{Count - 1}']")).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("[data-key='console-many/0']")).ToHaveCountAsync(0);
            Assert.InRange(await page.Locator(".cell").CountAsync(), 1, Count / 3);
            await page.Locator($"[data-key='console-many/{Count - 1}']").FocusAsync();
            await page.Keyboard.PressAsync("ArrowLeft");
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.Locator("h2").GetByText($"console-many-{Count - 2}")).ToBeVisibleAsync();
            Assert.Empty(browser.Complaints);
        }
        finally
        {
            await cluster.ToolAsync("topics", "delete", "console-many");
        }
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

    private async Task<int> ControllerAsync()
    {
        using HttpClient http = new();
        string overview = await http.GetStringAsync(new Uri($"http://{cluster.AdminAddressOf(1)}/v1/overview"));
        return (int)System.Text.Json.Nodes.JsonNode.Parse(overview)!["controller"]!;
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
