using System.Diagnostics.Metrics;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Groups;

namespace KRaftSharp.Client.Diagnostics;

/// <summary>What consumers count, those of share groups too. Costs nothing while nobody listens.</summary>
internal static class ConsumerMetrics
{
    private const string ClientId = "messaging.client.id";
    private const string Topic = "messaging.destination.name";
    private const string Group = "messaging.consumer.group.name";
    private const string ErrorType = "error.type";
    private const string Kind = "kafka.rebalance.kind";

    private static readonly Meter Meter = new(KafkaTracing.Name, KafkaTracing.Version);

    private static readonly Counter<long> Records = Meter.CreateCounter<long>(
        "kafka.consumer.record.consumed", "{record}", "Records that polls have returned");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(
        "kafka.consumer.incoming.bytes", "By", "Bytes of batches that were fetched, compressed");

    private static readonly Histogram<long> FetchSize = Meter.CreateHistogram<long>(
        "kafka.consumer.fetch.size", "By", "Bytes of a partition in one answer, compressed");

    private static readonly Histogram<double> FetchTime = Meter.CreateHistogram<double>(
        "kafka.consumer.fetch.latency", "s", "From a fetch to its answer, waiting for records included");

    private static readonly Histogram<long> Lag = Meter.CreateHistogram<long>(
        "kafka.consumer.record.lag", "{record}", "Offsets behind the last readable record, after each poll");

    private static readonly Histogram<double> CommitTime = Meter.CreateHistogram<double>(
        "kafka.consumer.commit.latency", "s", "From a commit to its end");

    private static readonly Counter<long> Rebalances = Meter.CreateCounter<long>(
        "kafka.consumer.rebalance", "{rebalance}", "Assignments, revocations and losses of partitions");

    private static readonly Counter<long> Acknowledgements = Meter.CreateCounter<long>(
        "kafka.consumer.share.acknowledgement", "{record}", "Acknowledgements that brokers have answered");

    public static void Fetched(string clientId, long tookMs)
    {
        if (FetchTime.Enabled)
        {
            FetchTime.Record(tookMs / 1000.0, new KeyValuePair<string, object?>(ClientId, clientId));
        }
    }

    /// <summary>One partition's part of an answer.</summary>
    public static void Received(string clientId, string topic, int bytes)
    {
        if (Bytes.Enabled)
        {
            Bytes.Add(bytes, new(ClientId, clientId), new(Topic, topic));
        }

        if (FetchSize.Enabled)
        {
            FetchSize.Record(bytes, new(ClientId, clientId), new(Topic, topic));
        }
    }

    /// <param name="records">Of one topic.</param>
    public static void Consumed(string clientId, string topic, long records)
    {
        if (Records.Enabled)
        {
            Records.Add(records, new(ClientId, clientId), new(Topic, topic));
        }
    }

    public static void Consumed(string clientId, IReadOnlyList<ConsumerRecord> records)
    {
        if (Records.Enabled)
        {
            foreach (IGrouping<string, ConsumerRecord> topic in records.GroupBy(record => record.Topic))
            {
                Consumed(clientId, topic.Key, topic.Count());
            }
        }
    }

    /// <summary>Whether anybody wants to know how far behind partitions are.</summary>
    public static bool WantsLag => Lag.Enabled;

    public static void Behind(string clientId, string topic, long lag) =>
        Lag.Record(lag, new(ClientId, clientId), new(Topic, topic));

    /// <param name="error">Null: committed.</param>
    public static void Committed(string clientId, string group, long tookMs, string? error)
    {
        if (CommitTime.Enabled)
        {
            CommitTime.Record(
                tookMs / 1000.0, new(ClientId, clientId), new(Group, group), new(ErrorType, error));
        }
    }

    public static void Rebalanced(string clientId, string group, RebalanceStepKind kind)
    {
        if (Rebalances.Enabled)
        {
            Rebalances.Add(1, new(ClientId, clientId), new(Group, group), new(Kind, kind.ToString()));
        }
    }

    /// <param name="error">Null: they count.</param>
    public static void Acknowledged(string clientId, string topic, int records, string? error)
    {
        if (Acknowledgements.Enabled)
        {
            Acknowledgements.Add(records, new(ClientId, clientId), new(Topic, topic), new(ErrorType, error));
        }
    }
}
