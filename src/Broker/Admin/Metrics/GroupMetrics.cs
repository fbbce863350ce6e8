using System.Globalization;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Kafka;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>The groups that this node coordinates: where they are and how far behind, under the names of
/// kafka_exporter.</summary>
/// <remarks>Asked of the brokers, at most every five seconds and only while somebody wants to know.</remarks>
internal sealed class GroupMetrics(AdminServices services) : IMetricsSource
{
    private const string Prefix = "kafka_consumergroup_";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private volatile IReadOnlyList<GroupFigures> _groups = [];
    private Task _asking = Task.CompletedTask;
    private long _askedAt;

    public async ValueTask RefreshAsync()
    {
        Task asking;
        lock (_lock)
        {
            if (_asking.IsCompleted && (_askedAt == 0 || services.Time.GetElapsedTime(_askedAt) > Fresh))
            {
                _askedAt = services.Time.GetTimestamp();
                _asking = AskAsync();
            }

            asking = _asking;
        }

        await asking;
    }

    public void Write(MetricsSink sink)
    {
        IReadOnlyList<GroupFigures> groups = _groups;
        sink.Metric(Prefix + "members", "gauge", "Members of a group.");
        foreach (GroupFigures group in groups)
        {
            sink.Sample(Prefix + "members", group.Members, "consumergroup", group.Id);
        }

        Gauge(sink, groups, "current_offset", "The committed offset; of a share group its start.", lag => lag.Current);
        Gauge(sink, groups, "lag", "Records between the committed offset and the end.",
            lag => lag.Current is null ? null : lag.Lag);
    }

    private static void Gauge(
        MetricsSink sink, IReadOnlyList<GroupFigures> groups, string name, string help,
        Func<PartitionLag, long?> value)
    {
        sink.Metric(Prefix + name, "gauge", help);
        foreach (GroupFigures group in groups)
        {
            foreach (PartitionLag lag in group.Lags)
            {
                if (value(lag) is { } known)
                {
                    sink.Sample(
                        Prefix + name, known, "consumergroup", group.Id, "topic", lag.Topic, "partition",
                        lag.Partition.ToString(CultureInfo.InvariantCulture));
                }
            }
        }
    }

    private async Task AskAsync()
    {
        List<GroupFigures> groups = [];
        try
        {
            foreach (ListedGroup group in await services.Groups.ListAsync(services.Node.Config.NodeId))
            {
                GroupDescription description = await services.Groups.DescribeAsync(group);
                groups.Add(new GroupFigures(
                    group.Id, description.Members.Count, await services.Lags.OfAsync(description)));
            }
        }
        catch (AdminProblem)
        {
            // A coordinator that is moving: its new node tells of them.
        }

        _groups = groups;
    }

    private sealed record GroupFigures(string Id, int Members, IReadOnlyList<PartitionLag> Lags);
}
