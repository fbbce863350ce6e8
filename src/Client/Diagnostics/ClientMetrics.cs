using System.Diagnostics.Metrics;

namespace KRaftSharp.Client.Diagnostics;

/// <summary>What the clients count, for <c>AddMeter("KRaftSharp.Client")</c>: Kafka's client metrics in OpenTelemetry's
/// style. Costs nothing while nobody listens.</summary>
internal static class ClientMetrics
{
    private const string ClientId = "messaging.client.id";
    private const string Topic = "messaging.destination.name";
    private const string ErrorType = "error.type";
    private const string Server = "server.address";

    private static readonly Meter Meter = new(KafkaTracing.Name, KafkaTracing.Version);

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "kafka.producer.record.send", "{record}", "Records that were acknowledged");

    private static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "kafka.producer.record.error", "{record}", "Records that were given up");

    private static readonly Counter<long> Repeated = Meter.CreateCounter<long>(
        "kafka.producer.record.retry", "{record}", "Records whose batch was sent again");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(
        "kafka.producer.outgoing.bytes", "By", "Bytes of batches that were sent, compressed");

    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram<long>(
        "kafka.producer.batch.size", "By", "Size of the batches sent, compressed");

    private static readonly Histogram<long> BatchRecords = Meter.CreateHistogram<long>(
        "kafka.producer.batch.records", "{record}", "Records of the batches sent");

    private static readonly Histogram<double> QueueTime = Meter.CreateHistogram<double>(
        "kafka.producer.record.queue.time", "s", "From a batch's first record to its sending");

    private static readonly Histogram<double> AckTime = Meter.CreateHistogram<double>(
        "kafka.producer.batch.latency", "s", "From a batch's first record to its end");

    private static readonly Counter<long> Made = Meter.CreateCounter<long>(
        "kafka.client.connection.creation", "{connection}", "Connections made");

    private static readonly Counter<long> Broken = Meter.CreateCounter<long>(
        "kafka.client.connection.close", "{connection}", "Connections that ended or could not be made");

    /// <summary>A batch goes out for the first time.</summary>
    public static void BatchSent(string clientId, string topic, int records, int bytes, long queuedMs)
    {
        if (Bytes.Enabled)
        {
            Bytes.Add(bytes, new(ClientId, clientId), new(Topic, topic));
        }

        if (BatchSize.Enabled)
        {
            BatchSize.Record(bytes, new(ClientId, clientId), new(Topic, topic));
        }

        if (BatchRecords.Enabled)
        {
            BatchRecords.Record(records, new(ClientId, clientId), new(Topic, topic));
        }

        if (QueueTime.Enabled)
        {
            QueueTime.Record(queuedMs / 1000.0, new(ClientId, clientId), new(Topic, topic));
        }
    }

    public static void BatchRepeated(string clientId, string topic, int records)
    {
        if (Repeated.Enabled)
        {
            Repeated.Add(records, new(ClientId, clientId), new(Topic, topic));
        }
    }

    /// <param name="error">Null: acknowledged.</param>
    public static void BatchEnded(string clientId, string topic, int records, long tookMs, string? error)
    {
        if (error is null && Sent.Enabled)
        {
            Sent.Add(records, new(ClientId, clientId), new(Topic, topic));
        }

        if (error is not null && Failed.Enabled)
        {
            Failed.Add(records, new(ClientId, clientId), new(Topic, topic), new(ErrorType, error));
        }

        if (AckTime.Enabled)
        {
            AckTime.Record(tookMs / 1000.0, new(ClientId, clientId), new(Topic, topic));
        }
    }

    public static void ConnectionMade(string clientId, string host)
    {
        if (Made.Enabled)
        {
            Made.Add(1, new(ClientId, clientId), new(Server, host));
        }
    }

    public static void ConnectionEnded(string clientId, string host)
    {
        if (Broken.Enabled)
        {
            Broken.Add(1, new(ClientId, clientId), new(Server, host));
        }
    }
}
