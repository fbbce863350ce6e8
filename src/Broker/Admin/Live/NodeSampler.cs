using System.Diagnostics;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Admin.Live;

/// <summary>What this node has done since it was last asked: rates and latencies. One thread at a time.</summary>
internal sealed class NodeSampler(KafkaNode node, IReadOnlyList<SocketListener> listeners, TimeProvider time)
{
    private readonly Dictionary<(ApiKey, short), long[]> _before = [];
    private long _at = time.GetTimestamp();
    private Totals _last;
    private TimeSpan _cpu;

    public NodeSample Take()
    {
        long now = time.GetTimestamp();
        double seconds = Math.Max(time.GetElapsedTime(_at, now).TotalSeconds, 0.001);
        Totals totals = Read();
        using Process process = Process.GetCurrentProcess();
        TimeSpan cpu = process.TotalProcessorTime;
        NodeSample sample = new(
            node.Config.NodeId, time.GetUtcNow().ToUnixTimeMilliseconds(), (totals.BytesIn - _last.BytesIn) / seconds,
            (totals.BytesOut - _last.BytesOut) / seconds, (totals.MessagesIn - _last.MessagesIn) / seconds,
            (totals.Requests - _last.Requests) / seconds, Latency(ApiKey.Produce), Latency(ApiKey.Fetch),
            (cpu - _cpu).TotalSeconds / seconds, process.WorkingSet64, node.Quorum.LogEndOffset,
            node.Image.Provenance.EndOffset, node.IsLoadingCoordinators, node.IsHeld,
            listeners.Sum(listener => listener.ConnectionCount),
            double.IsNaN(node.RaftStats.CommitLatency.Average) ? null : node.RaftStats.CommitLatency.Average);
        (_at, _last, _cpu) = (now, totals, cpu);
        return sample;
    }

    private Totals Read()
    {
        Totals totals = default;
        foreach (Replication.TopicTraffic topic in node.Replicas?.Traffic ?? [])
        {
            totals.BytesIn += topic.BytesIn;
            totals.BytesOut += topic.BytesOut;
            totals.MessagesIn += topic.MessagesIn;
        }

        totals.Requests = node.RequestStats.Sum(stats => stats.Total.Count);
        return totals;
    }

    /// <summary>The busiest version speaks for its API.</summary>
    private LatencyData Latency(ApiKey key)
    {
        LatencyData busiest = default;
        foreach (RequestStats stats in node.RequestStats.Where(stats => stats.Key == key))
        {
            long[] counts = stats.Total.Snapshot();
            long[]? before = _before.GetValueOrDefault((key, stats.Version));
            _before[(key, stats.Version)] = counts;
            long count = counts.Sum() - (before?.Sum() ?? 0);
            if (count > busiest.Count)
            {
                busiest = new LatencyData(
                    count, LatencyHistogram.QuantileMs(counts, before, 0.5),
                    LatencyHistogram.QuantileMs(counts, before, 0.99));
            }
        }

        return busiest;
    }

    private struct Totals
    {
        public long BytesIn;
        public long BytesOut;
        public long MessagesIn;
        public long Requests;
    }
}

/// <summary>One node in the second that has passed; rates are per second.</summary>
/// <param name="Cpu">Cores in use.</param>
/// <param name="IsHeld">An operator keeps its broker fenced.</param>
/// <param name="CommitMs">Milliseconds until a majority has a metadata record; null where it did not lead.</param>
/// <param name="AppliedOffset">Up to where the node has applied the metadata log.</param>
internal sealed record NodeSample(
    int Node, long TimeMs, double BytesIn, double BytesOut, double MessagesIn, double Requests, LatencyData Produce,
    LatencyData Fetch, double Cpu, long MemoryBytes, long MetadataEnd, long AppliedOffset, bool IsLoading, bool IsHeld,
    int Connections, double? CommitMs);

/// <summary>Milliseconds from a request to its answer.</summary>
internal readonly record struct LatencyData(long Count, double P50, double P99);
