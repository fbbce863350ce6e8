using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Consumer;

/// <summary>A record that may be kept: its bytes are its own.</summary>
public sealed class ConsumerRecord
{
    internal ConsumerRecord(
        TopicPartition partition, RecordView record, int leaderEpoch, int? deliveryCount = null)
    {
        DeliveryCount = deliveryCount;
        TopicPartition = partition;
        Offset = record.Offset;
        TimestampMs = record.Timestamp;
        LeaderEpoch = leaderEpoch;
        byte[] bytes = new byte[record.Key.Length + record.Value.Length];
        record.Key.CopyTo(bytes);
        record.Value.CopyTo(bytes.AsSpan(record.Key.Length));
        Key = record.HasKey ? (ReadOnlyMemory<byte>?)bytes.AsMemory(0, record.Key.Length) : null;
        Value = record.HasValue ? (ReadOnlyMemory<byte>?)bytes.AsMemory(record.Key.Length) : null;
        List<RecordHeader> headers = [];
        foreach (RecordHeaderView header in record.Headers)
        {
            headers.Add(new RecordHeader(
                header.Key.ToArray(), header.HasValue ? (ReadOnlyMemory<byte>?)header.Value.ToArray() : null));
        }

        Headers = headers;
    }

    public TopicPartition TopicPartition { get; }

    public string Topic => TopicPartition.Topic;

    public int Partition => TopicPartition.Partition;

    public long Offset { get; }

    /// <summary>Milliseconds since the epoch.</summary>
    public long TimestampMs { get; }

    /// <summary>The epoch to commit with it; -1 unknown.</summary>
    public int LeaderEpoch { get; }

    /// <summary>How often the record has been delivered, this time included; null outside share groups.</summary>
    public int? DeliveryCount { get; }

    /// <summary>Null for no key.</summary>
    public ReadOnlyMemory<byte>? Key { get; }

    /// <summary>Null for a tombstone.</summary>
    public ReadOnlyMemory<byte>? Value { get; }

    public IReadOnlyList<RecordHeader> Headers { get; }
}
