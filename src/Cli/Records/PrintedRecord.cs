using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Cli.Records;

/// <summary>A consumed record as it is printed: of a poll's bytes where they lie, or a copy that a share group's member
/// was given.</summary>
internal readonly ref struct PrintedRecord
{
    private readonly RecordHeaderEnumerator _headers;
    private readonly IReadOnlyList<RecordHeader>? _copied;

    public PrintedRecord(TopicPartition partition, RecordView record)
    {
        Partition = partition;
        (Offset, TimestampMs) = (record.Offset, record.Timestamp);
        (HasKey, HasValue) = (record.HasKey, record.HasValue);
        Key = record.Key;
        Value = record.Value;
        _headers = record.Headers;
    }

    public PrintedRecord(ConsumerRecord record)
    {
        Partition = record.TopicPartition;
        (Offset, TimestampMs) = (record.Offset, record.TimestampMs);
        (HasKey, HasValue) = (record.Key is not null, record.Value is not null);
        Key = record.Key.GetValueOrDefault().Span;
        Value = record.Value.GetValueOrDefault().Span;
        DeliveryCount = record.DeliveryCount;
        _copied = record.Headers;
    }

    public TopicPartition Partition { get; }

    public long Offset { get; }

    public long TimestampMs { get; }

    /// <summary>Null outside share groups.</summary>
    public int? DeliveryCount { get; }

    public bool HasKey { get; }

    public bool HasValue { get; }

    public ReadOnlySpan<byte> Key { get; }

    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Copied.</summary>
    public IReadOnlyList<RecordHeader> Headers
    {
        get
        {
            if (_copied is not null)
            {
                return _copied;
            }

            List<RecordHeader> headers = [];
            foreach (RecordHeaderView header in _headers)
            {
                headers.Add(new RecordHeader(
                    header.Key.ToArray(), header.HasValue ? (ReadOnlyMemory<byte>?)header.Value.ToArray() : null));
            }

            return headers;
        }
    }
}
