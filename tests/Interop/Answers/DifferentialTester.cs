using System.Text.Json.Nodes;
using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>Asks a cluster what Apache Kafka was asked, and compares the answers field by field.</summary>
internal static class DifferentialTester
{
    // They wait more than they work.
    private const int RunsAtATime = 32;

    private const string Recording = "kafka-4.4.0.recording.json.gz";
    private const string ThreeNodesRecording = "kafka-4.4.0-three-nodes.recording.json.gz";

    private static readonly string[] Newest =
        Environment.GetEnvironmentVariable("KRAFTSHARP_DIFF_VERSIONS") == "all" ? [] : ["--versions", "latest"];

    private static string Folder => Path.Combine(Installed.PeersFolder!, "diff");

    /// <summary>All cases for one node, at each version of their API; those that want the node for themselves only at
    /// the newest, unless KRAFTSHARP_DIFF_VERSIONS is "all": they wait a second each.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(OneNode node)
    {
        (List<string> alone, List<string> others) = Cases();

        // It leaves a share session of the group without a name, with which share-acknowledge-unknown was recorded:
        // which of the two comes first must not matter.
        await RunAsync(node, Recording, ["share-fetch-errors"], ["--versions", "latest"]);
        return
        [
            .. await RunAsync(node, Recording, others, []),
            .. await RunAsync(node, Recording, alone, Newest),
        ];
    }

    /// <summary>All cases for three nodes, at each version of their API.</summary>
    public static Task<IReadOnlyList<string>> CompareAsync(ThreeDefaultNodes cluster) =>
        RunAsync(cluster, ThreeNodesRecording, ["*"], []);

    /// <summary>The names of the cases, those that want the node for themselves apart.</summary>
    private static (List<string> Alone, List<string> Others) Cases()
    {
        List<string> alone = [];
        List<string> others = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Folder, "cases"), "*.yaml"))
        {
            foreach (string text in ("\n" + File.ReadAllText(file)).Split("\ncase: ").Skip(1))
            {
                (text.Contains("\nexclusive: true", StringComparison.Ordinal) ? alone : others).Add(
                    text[..text.IndexOf('\n')].Trim());
            }
        }

        return (alone, others);
    }

    /// <returns>What differs; empty when nothing does.</returns>
    private static async Task<IReadOnlyList<string>> RunAsync(
        ThreeNodes cluster, string recording, IEnumerable<string> cases, string[] options)
    {
        string report = cluster.PathOf("report.json");

        // It ends with 1 when something differs: the report says what.
        await Shell.RunAsync(
            "bash",
            [
                "-c", "\"$@\"; [ $? -le 1 ]", "diff", Path.Combine(Folder, "diff.sh"),
                "--replay", Path.Combine(Folder, recording), "--candidate", cluster.AddressOf(1),
                "--jobs", $"{RunsAtATime}", "--verbose", "--report", report,
                "--only", string.Join(',', cases), .. options,
            ],
            timeout: TimeSpan.FromMinutes(5));

        JsonArray runs = (JsonArray)JsonNode.Parse(await File.ReadAllTextAsync(report))!["runs"]!;
        Assert.NotEmpty(runs);
        return
        [
            .. runs.Where(run => (string)run!["verdict"]! != "agree").Select(run =>
                $"{run!["case"]} v{run["version"]}: {run["differences"] ?? run["verdict"]}"),
        ];
    }
}
