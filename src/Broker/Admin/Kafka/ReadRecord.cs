using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Where a record went.</summary>
internal readonly record struct ProducedRecord(int Partition, long Offset, long TimestampMs);

/// <summary>A copy of one record.</summary>
internal sealed record ReadRecord(
    long Offset, long TimestampMs, byte[]? Key, byte[]? Value, IReadOnlyList<(byte[] Key, byte[]? Value)> Headers)
{
    public static ReadRecord From(in RecordView record)
    {
        List<(byte[], byte[]?)> headers = [];
        foreach (RecordHeaderView header in record.Headers)
        {
            headers.Add((header.Key.ToArray(), header.HasValue ? header.Value.ToArray() : null));
        }

        return new ReadRecord(
            record.Offset, record.Timestamp, record.HasKey ? record.Key.ToArray() : null,
            record.HasValue ? record.Value.ToArray() : null, headers);
    }
}

/// <summary>Records of a partition and where it stands.</summary>
/// <param name="NextOffset">Where to go on.</param>
internal sealed record RecordPage(
    IReadOnlyList<ReadRecord> Records, long NextOffset, long LogStartOffset, long HighWatermark,
    long LastStableOffset);
