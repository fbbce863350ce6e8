using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>The commands of docs/tour.md, run in their order against three nodes.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class TourTests(ThreeNodes cluster)
{
    private const string Prompt = "$ ";

    [Fact]
    public async Task Every_command_of_the_tour_works()
    {
        string[] commands = [.. File.ReadLines(Repository.PathOf("docs", "tour.md"))
            .Where(line => line.StartsWith(Prompt, StringComparison.Ordinal))
            .Select(line => line[Prompt.Length..])];
        Assert.True(commands.Length > 15, $"{commands.Length} commands");
        foreach (string command in commands)
        {
            string output = await Shell.RunAsync(
                "bash", ["-c", $"set -o pipefail; {Here(command)}"], timeout: TimeSpan.FromMinutes(2),
                environment: new Dictionary<string, string>
                {
                    ["KRAFTSHARP_BOOTSTRAP"] = cluster.Bootstrap,
                    ["KRAFTSHARP_DATA"] = cluster.PathOf(),
                });
            Assert.DoesNotContain("error_code", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_file_that_the_tour_names_is_there()
    {
        string text = File.ReadAllText(Repository.PathOf("docs", "tour.md"));
        foreach (string name in text.Split([' ', '(', ')', ',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.TrimEnd('.', ':'))
            .Where(word => word.StartsWith("src/", StringComparison.Ordinal)
                || word.StartsWith("tour/", StringComparison.Ordinal)))
        {
            string path = Repository.PathOf(name.StartsWith("tour/", StringComparison.Ordinal) ? $"docs/{name}" : name);
            Assert.True(File.Exists(path) || Directory.Exists(path), name);
        }
    }

    /// <summary>The tour's address is that of a cluster on the usual ports; curl fails where the answer is an error.
    /// </summary>
    private string Here(string command) => command
        .Replace("127.0.0.1:18080", cluster.AdminAddressOf(1), StringComparison.Ordinal)
        .Replace("curl -s", "curl -sf", StringComparison.Ordinal);
}
