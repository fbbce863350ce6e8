using System.Diagnostics;
using System.Text;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Diagnostics;

/// <summary>Traces by OpenTelemetry's conventions for messaging: <c>AddSource(KafkaTracing.Name)</c>. The producer
/// makes
/// a span of each send and puts its context into the record's headers; a consumer's work is a span by
/// <see cref="StartProcess"/>. Nothing is made, and no header added, while nobody listens.</summary>
public static class KafkaTracing
{
    /// <summary>The name of the activity source, and of the meter.</summary>
    public const string Name = "KRaftSharp.Client";

    internal static string Version { get; } =
        typeof(KafkaTracing).Assembly.GetName().Version?.ToString(3) ?? "0";

    internal static ActivitySource Source { get; } = new(Name, Version);

    /// <summary>Begins the span of one record's processing, with the sender's span as its parent; dispose it when the
    /// work is done. Null when nobody listens.</summary>
    /// <param name="partition">Where the record was read.</param>
    /// <param name="record">The record, whose headers may hold <c>traceparent</c>.</param>
    /// <param name="group">The consumer group.</param>
    public static Activity? StartProcess(TopicPartition partition, in RecordView record, string? group = null)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        (string? parent, string? state) = ContextOf(record);
        _ = ActivityContext.TryParse(parent, state, isRemote: true, out ActivityContext context);
        Activity? activity = Source.StartActivity($"process {partition.Topic}", ActivityKind.Consumer, context);
        if (activity is { IsAllDataRequested: true })
        {
            Describe(activity, "process", partition.Topic);
            activity.SetTag("messaging.destination.partition.id", $"{partition.Partition}");
            activity.SetTag("messaging.kafka.offset", record.Offset);
            activity.SetTag("messaging.consumer.group.name", group);
            if (!record.HasValue)
            {
                activity.SetTag("messaging.kafka.message.tombstone", true);
            }
        }

        return activity;
    }

    internal static void Describe(Activity activity, string operation, string topic)
    {
        activity.SetTag("messaging.system", "kafka");
        activity.SetTag("messaging.operation.name", operation);
        activity.SetTag("messaging.operation.type", operation);
        activity.SetTag("messaging.destination.name", topic);
    }

    internal static void Fail(Activity activity, Exception error)
    {
        activity.SetTag("error.type", error is KafkaException kafka
            ? ErrorCodes.KafkaName(kafka.Code)
            : error.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error, error.Message);
    }

    private static (string? Parent, string? State) ContextOf(in RecordView record)
    {
        string? parent = null;
        string? state = null;
        foreach (RecordHeaderView header in record.Headers)
        {
            if (header.Key.SequenceEqual("traceparent"u8))
            {
                parent = Encoding.UTF8.GetString(header.Value);
            }
            else if (header.Key.SequenceEqual("tracestate"u8))
            {
                state = Encoding.UTF8.GetString(header.Value);
            }
        }

        return (parent, state);
    }
}
