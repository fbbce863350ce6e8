using System.Diagnostics;
using System.Text;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Diagnostics;

/// <summary>The span of one send, and the context that it leaves in the record.</summary>
internal static class SendSpan
{
    /// <summary>Begins it; null when it is not sampled. The record gets the context in both cases, where there is
    /// one.</summary>
    public static Activity? Start(ref ProducerRecord record, string clientId)
    {
        Activity? activity = KafkaTracing.Source.StartActivity($"send {record.Topic}", ActivityKind.Producer);
        if (activity is { IsAllDataRequested: true })
        {
            KafkaTracing.Describe(activity, "send", record.Topic);
            activity.SetTag("messaging.client.id", clientId);
            if (record.Value is null)
            {
                activity.SetTag("messaging.kafka.message.tombstone", true);
            }
        }

        if ((activity ?? Activity.Current) is { } context)
        {
            record = record with { Headers = WithContext(record.Headers, context) };
        }

        return activity;
    }

    /// <summary>Ends it: the record is acknowledged.</summary>
    public static void Succeed(Activity? span, in RecordMetadata where)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("messaging.destination.partition.id", $"{where.Partition.Partition}");
            span.SetTag("messaging.kafka.offset", where.Offset);
        }

        span?.Dispose();
    }

    /// <summary>Ends it: the record was not written, or nobody knows.</summary>
    public static void Fail(Activity? span, Exception error)
    {
        if (span is not null)
        {
            KafkaTracing.Fail(span, error);
            span.Dispose();
        }
    }

    /// <summary>A callback that ends the span, then calls the application's.</summary>
    public static Action<RecordMetadata, KafkaException?> Around(
        Activity span, Action<RecordMetadata, KafkaException?>? inner) => (where, error) =>
        {
            if (error is null)
            {
                Succeed(span, where);
            }
            else
            {
                Fail(span, error);
            }

            inner?.Invoke(where, error);
        };

    // What the record had of an earlier trace is replaced: it was forwarded.
    private static List<RecordHeader> WithContext(IReadOnlyList<RecordHeader>? headers, Activity context)
    {
        List<RecordHeader> result = [];
        foreach (RecordHeader header in headers ?? [])
        {
            if (!header.Key.Span.SequenceEqual("traceparent"u8) && !header.Key.Span.SequenceEqual("tracestate"u8))
            {
                result.Add(header);
            }
        }

        DistributedContextPropagator.Current.Inject(context, result, static (carrier, name, value) =>
        {
            // Baggage is the application's to send: other clients do not either.
            if (name is "traceparent" or "tracestate" && carrier is List<RecordHeader> list)
            {
                list.Add(new RecordHeader(name, Encoding.UTF8.GetBytes(value)));
            }
        });
        return result;
    }
}
