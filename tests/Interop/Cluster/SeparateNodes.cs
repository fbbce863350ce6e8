namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>
/// Three brokers (1, 2, 3) and three controllers (101, 102, 103), each a process; the metadata log is cut behind small
/// snapshots.
/// </summary>
public sealed class SeparateNodes : ThreeNodes
{
    public static IReadOnlyList<int> Controllers { get; } = [101, 102, 103];

    /// <summary>The controller that leads the quorum.</summary>
    public async Task<int> ActiveControllerAsync()
    {
        string[] lines = (await ToolAsync("quorum", "describe")).Split('\n');
        return int.Parse(lines.Select(line => line.Split('\t'))
            .Single(fields => fields.Length > 2 && fields[1] == "leader")[0]);
    }

    /// <summary>Whether a controller follows and lacks nothing.</summary>
    public async Task<bool> IsInStepAsync(int controller)
    {
        string[] lines = (await ToolAsync("quorum", "describe")).Split('\n');
        return lines.Any(line => line.StartsWith($"{controller}\tfollower\t", StringComparison.Ordinal)
            && line.Split('\t')[3] == "0");
    }

    protected override string[] UpOptions()
    {
        string config = PathOf("more.config");
        File.WriteAllLines(config,
        [
            "metadata.log.max.record.bytes.between.snapshots=2000",
            "internal.metadata.log.segment.bytes=4000",
            "metadata.max.retention.bytes=8000",
            "internal.metadata.delete.delay.millis=100",
        ]);
        return ["--separate", "--config", config];
    }
}
