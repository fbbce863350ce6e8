using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Producer;

/// <summary>One record to be sent. Its bytes are copied before the send returns to its caller or is awaited.</summary>
public readonly record struct ProducerRecord
{
    public required string Topic { get; init; }

    /// <summary>Null: chosen by the key, or evenly where there is none.</summary>
    public int? Partition { get; init; }

    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Null is a tombstone in a compacted topic.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>Milliseconds since the epoch; null: now.</summary>
    public long? TimestampMs { get; init; }

    public IReadOnlyList<RecordHeader>? Headers { get; init; }

    internal ReadOnlySpan<RecordHeader> HeaderSpan() => Headers switch
    {
        null => default,
        RecordHeader[] array => array,
        { } list => list.ToArray(),
    };
}
